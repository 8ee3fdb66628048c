"""The card's tables of sensors and of what each variant of the model can tell."""

from crampdetect.detection.types import SignalInfo
from crampdetect.simulation.sensors import SENSORS, Sensor
from evaluation.card_words import NONE, Json, pooled, rate, share, table
from evaluation.held_out import SENSOR_CRAMPS

__all__ = ["sensor_lines", "variant_lines", "variant_of"]

#: What each variant can and cannot tell: follows from the features it is offered.
WORDS: dict[str, tuple[str, str]] = {
    "spectral, acc3": (
        "whether the muscle worked before the leg moved, whether the leg was still, turned or "
        "upright, how the muscle came, held and went, whether its frequencies shifted",
        "a muscle held from rest in a leg that does not move at all; which part of the calf",
    ),
    "spectral, none": (
        "sustained from short, steady from pieces and rhythms, whether the muscle had worked "
        "just before, whether its frequencies shifted",
        "whether the leg moved, and what came first; standing or holding from a cramp, unless it "
        "comes in pieces",
    ),
    "envelope, acc3": (
        "the same as with the spectrum, but for frequencies",
        "the same as with the spectrum; a change of frequency",
    ),
    "envelope, none": (
        "sustained from short, steady from pieces and rhythms, whether the muscle had worked "
        "just before",
        "whether the leg moved, and what came first; standing or holding from a cramp; a change "
        "of frequency",
    ),
}


def capability_of(sensor: Sensor) -> str:
    """By rate and comb filter, as the detector finds it.

    Examples
    --------
    >>> capability_of(SENSORS["cyton"])
    'envelope'
    """
    info = SignalInfo("emg", ("EMG",), sensor.emg_rate, "uV", comb_filtered=sensor.comb)
    return info.capability


def variant_of(sensor: Sensor) -> str:
    """Which variant of a trained model judges its recordings.

    Examples
    --------
    >>> variant_of(SENSORS["gforcepro"]), variant_of(SENSORS["bitalino"])
    ('spectral, acc3', 'spectral, none')
    """
    capability = capability_of(sensor)
    motion = "acc3" if sensor.acc_axes == 3 else "none"
    return f"{capability.removesuffix('_reduced')}, {motion}"


def sensor_lines(document: Json) -> list[str]:
    """One row a sensor; the first is nobody's."""
    rows = []
    for name, sensor in SENSORS.items():
        one = _set_of(document, name)
        found = one["cramp_only"]["detection"][0]
        rows.append(
            (
                name,
                f"{float(sensor.emg_rate):.6g}",
                "yes" if sensor.comb else "no",
                str(sensor.acc_axes),
                capability_of(sensor),
                variant_of(sensor),
                share(found["sensitivity_scorable"]),
                rate(found["per_valid_night"]),
                rate(one["unsure_per_valid_night"]),
                str(one["nights"]["nights"]),
            )
        )
    head = (
        "sensor", "EMG rate (Hz)", "comb", "axes", "capability", "variant",
        "sensitivity, visible", "false alarms a valid night", "`unsure` a valid night", "nights",
    )  # fmt: skip
    told = (
        "Simulated with the numbers of each sensor; **none was tried on hardware.** "
        f"`default` is nobody's, and its row is that of the default nights above; the others have "
        f"{SENSOR_CRAMPS:g} cramps a night."
    )
    return [told, "", *table(head, rows)]


def variant_lines(document: Json) -> list[str]:
    """What each variant can and cannot tell, and its figures over all of its sensors."""
    rows = []
    for variant, (can, cannot) in WORDS.items():
        names = [name for name, one in SENSORS.items() if variant_of(one) == variant]
        found = [_set_of(document, name)["cramp_only"]["detection"][0] for name in names]
        seen = pooled(one["sensitivity_scorable"] for one in found)
        false = sum(one["per_valid_night"]["count"] for one in found)
        nights = sum(one["per_valid_night"]["exposure"] for one in found)
        figures = share(seen), f"{false} in {nights:.0f} valid nights", ", ".join(names)
        nobody = NONE, NONE, "none of these: not tried"
        rows.append((variant, can, cannot, *(figures if names else nobody)))
    head = (
        "variant", "can tell", "cannot tell", "sensitivity, visible", "false alarms", "sensors",
    )  # fmt: skip
    return table(head, rows)


def _set_of(document: Json, sensor: str) -> Json:
    sets: Json = document["sets"]
    one: Json = sets["default" if sensor == "default" else f"sensor {sensor}"]
    return one
