"""Nights from an explicit list of events: for the demo, tests and benchmarks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from crampdetect.simulation.events import Event
from crampdetect.simulation.night import SimulatedNight
from crampdetect.simulation.parameters import NightParameters

__all__ = ["quiet", "scripted_night"]


def quiet(parameters: NightParameters) -> NightParameters:
    """Return the same table without hum, twitches, heart beats, drift, sweat and ageing.

    What is left is the resting floor, a well-placed accelerometer's noise and the events.

    Examples
    --------
    >>> quiet(NightParameters()).mains_uv
    (0.0, 0.0)
    """
    return replace(
        parameters,
        mains_uv=(0.0, 0.0),
        fasciculations_per_min=(0.0, 0.0),
        myoclonus_per_h=(0.0, 0.0),
        heartbeat_share=0.0,
        resting_drift_sd=0.0,
        sweat_share=0.0,
        hf_loss_share=0.0,
        ageing_share=0.0,
        acc_misalignment_deg=0.0,
        acc_gain_error=0.0,
        acc_offset_g=0.0,
    )


def scripted_night(
    events: Iterable[Event], parameters: NightParameters | None = None, seed: int = 0
) -> SimulatedNight:
    """Build a night in which exactly these events happen.

    Parameters
    ----------
    events : iterable of Event
        In any order; those without a key are numbered by kind as given, so one appended to its
        kind leaves the others as they were.
    parameters : NightParameters or None
        Rates, duration and the resting signal; rates of events are not used. None: the default.
    seed : int

    Returns
    -------
    SimulatedNight

    Raises
    ------
    ValueError
        For an event outside the night.

    Examples
    --------
    >>> from crampdetect.simulation.cramps import Cramp
    >>> night = scripted_night(
    ...     [Cramp(onset_s=60, duration_s=30, level=8)], NightParameters(duration_s=120)
    ... )
    >>> night.truth.of_kind("cramp")[0].offset_s
    90
    """
    given = parameters if parameters is not None else NightParameters()
    counts: Counter[int] = Counter()
    keyed: list[Event] = []
    for event in events:
        if event.onset_s < 0 or event.offset_s > given.duration_s:
            raise ValueError(
                f"{event.kind} from {event.onset_s:g} to {event.offset_s:g} s lies outside the "
                f"night, expected 0 to {given.duration_s:g} s"
            )
        key = event.key or (int(event.origin), counts[event.origin])
        counts[event.origin] += 1
        keyed.append(replace(event, key=key))
    keyed.sort(key=lambda event: (event.onset_s, event.key))
    return SimulatedNight(given, seed, tuple(keyed))
