"""The gate: on a few fixed held-out nights the default model may not get worse.

``python -m evaluation.gate`` measures and compares with the bounds in ``gate.json``;
``--write`` makes what was measured the new bounds. It takes about a minute. The nights have many
more cramps than real ones, so their figures guard, and claim nothing.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crampdetect.detection.profiles import profile
from crampdetect.learning.night_plans import NightPlan
from crampdetect.learning.scoring import score
from crampdetect.learning.trial import Trial, run_trial
from crampdetect.resources import model_path
from crampdetect.session import DEFAULT_MODEL
from crampdetect.storage.whole_file import whole_file
from evaluation.details import details
from evaluation.held_out import digest_of

__all__ = ["AT_LEAST", "AT_MOST", "BOUNDS", "PLANS", "bounds", "measure", "worse"]

DEFAULT_PROFILE = "standard"
BOUNDS = Path(__file__).resolve().parent / "gate.json"
#: Persons of no other set: beyond those of the roles, and not drawn from a digest.
FIRST_PERSON = 2_000_000_000
#: World and sensor of each night: 1 kHz and 500 Hz, half of them as documented.
NIGHTS = (
    ("default", "default"), ("default", "gforcepro"), ("heavy", "default"),
    ("other", "gforcepro"), ("default", "default"), ("default", "gforcepro"),
    ("heavy", "gforcepro"), ("other", "default"), ("default", "default"),
    ("random", "gforcepro"), ("default", "default"), ("random", "default"),
)  # fmt: skip
HOURS, CRAMPS = 2.5, 16.0
PLANS = tuple(
    NightPlan(FIRST_PERSON + number, 0, world, sensor, HOURS, CRAMPS)
    for number, (world, sensor) in enumerate(NIGHTS)
)
#: What may not fall, and by how much it may before the gate closes: one cramp.
AT_LEAST = {"found": 1, "alerts_in_time": 1, "valid_share": 0.005}
#: What may not rise: one false alarm, one doubtful case, five bins of 50 ms, one second.
AT_MOST = {"false_alarms": 1, "unsure": 1, "onset_error_median_s": 0.25, "onset_error_p90_s": 1.0}

Measured = dict[str, float]


def measure(model: Path, profile_name: str = DEFAULT_PROFILE) -> Measured:
    """Judge the nights of the gate.

    Returns
    -------
    dict of str to float
        ``scorable`` and ``strong`` cramps (level from 4 on) say what there was; the others are
        the names of `AT_LEAST` and `AT_MOST`.
    """
    nights = [run_trial(Trial(plan, str(model), profile_name)) for plan in PLANS]
    report, told = score(nights), details(nights)
    found, onset = report.cramp_only.primary, report.cramp_only.timing.onset_error_s
    numbers: dict[str, float | None] = {
        "scorable": found.sensitivity_scorable.of,
        "strong": told.alerts.in_time.of,
        "found": found.sensitivity_scorable.count,
        "alerts_in_time": told.alerts.in_time.count,
        "valid_share": report.nights.valid_share,
        "false_alarms": found.false_alarms,
        "unsure": report.unsure_per_8_valid_hours.count,
        "onset_error_median_s": onset.absolute_median,
        "onset_error_p90_s": onset.absolute_p90,
    }
    # Where no cramp was found its onset is as wrong as the night is long.
    return {
        name: round(HOURS * 3600 if value is None else value, 4) for name, value in numbers.items()
    }


def bounds(measured: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """What was measured, less the tolerance.

    Examples
    --------
    >>> measured = dict.fromkeys([*AT_LEAST, *AT_MOST], 3.0)
    >>> bounds(measured)["at_least"]["found"], bounds(measured)["at_most"]["false_alarms"]
    (2.0, 4.0)
    """
    return {
        "at_least": {name: round(measured[name] - room, 4) for name, room in AT_LEAST.items()},
        "at_most": {name: round(measured[name] + room, 4) for name, room in AT_MOST.items()},
    }


def worse(measured: Mapping[str, float], stored: Mapping[str, Any]) -> list[str]:
    """What is beyond its bound, one sentence each; none if all is well.

    Examples
    --------
    >>> measured = dict.fromkeys([*AT_LEAST, *AT_MOST], 3.0)
    >>> worse({**measured, "found": 1}, bounds(measured))
    ['found is 1; expected at least 2']
    """
    low, high = stored["at_least"], stored["at_most"]
    strange = sorted((set(AT_LEAST) ^ set(low)) | (set(AT_MOST) ^ set(high)))
    if strange:
        return [f"found bounds other than those of the gate: {', '.join(strange)}"]
    return [
        f"{name} is {measured[name]:g}; expected at least {low[name]:g}"
        for name in low
        if measured[name] < low[name]
    ] + [
        f"{name} is {measured[name]:g}; expected at most {high[name]:g}"
        for name in high
        if measured[name] > high[name]
    ]


def main() -> int:
    """Measure; compare or write."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.gate", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--write", action="store_true", help="make this the new bounds")
    given = parser.parse_args()
    model = model_path(DEFAULT_MODEL)
    measured = measure(model)
    found = (
        worse(measured, _stored()) if BOUNDS.exists() else ["there are no bounds to compare with"]
    )
    print("\n".join([f"{name}: {value:g}" for name, value in measured.items()]))
    print("\n".join(found) if found else "nothing is worse than it was")
    if not given.write:
        return 1 if found else 0
    document = {
        "written_by": "python -m evaluation.gate --write",
        "model": DEFAULT_MODEL,
        "sha256": digest_of(model),
        "profile": profile(DEFAULT_PROFILE).name,
        "nights": len(PLANS),
        "hours": HOURS,
        "first_person": FIRST_PERSON,
        "measured": measured,
        "tolerance": {**AT_LEAST, **AT_MOST},
        **bounds(measured),
    }
    with whole_file(BOUNDS) as file:
        file.write((json.dumps(document, indent=2) + "\n").encode())
    return 0


def _stored() -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(BOUNDS.read_text(encoding="utf-8"))
    return stored


if __name__ == "__main__":
    sys.exit(main())
