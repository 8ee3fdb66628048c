"""``crampdetect calibrate``: what this leg does, and how the sensor sits on it."""

import json
import math
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from crampdetect.cli.leading import add_sensor_options, finding_lines, lead, verdict_words
from crampdetect.cli.terminal import json_printable, say

if TYPE_CHECKING:
    from crampdetect.detection.types import SignalInfo
    from crampdetect.devices.decoder import Decoder
    from crampdetect.session_calibration import Calibration, CalibrationResult
    from crampdetect.storage.configuration import Configuration

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect calibrate --side left
  crampdetect calibrate --device demo --speed 60 --dry-run

Four minutes: rest, foot-raises, a stretch, turning over in bed, standing and walking. A step that
did not work is asked for again, with its reason. What is found is kept in the configuration; it
changes no threshold, so that nights before and after it can be compared.
Exit code 1 if a step failed; what worked is kept all the same.
"""
SCHEMA = 1


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_sensor_options(parser)
    parser.add_argument("--side", choices=("left", "right"), help="leg that wears the sensor")
    parser.add_argument("--dry-run", action="store_true", help="keep nothing")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document; what to do goes to stderr"
    )


def run(arguments: Namespace) -> int:
    """Calibrate, print and keep what was found; 1 if a step failed."""
    from crampdetect.session_calibration import Calibration
    from crampdetect.session_check_demo import calibration_evening
    from crampdetect.storage.configuration import load_configuration, save_configuration

    configuration = load_configuration()

    def make(signals: "tuple[SignalInfo, ...]", decoder: "Decoder") -> "Calibration":
        del decoder
        return Calibration(signals, configuration.judging.mains)

    kind, calibration = lead(arguments, configuration, calibration_evening, make)
    result = calibration.result()
    # A simulated leg is nobody's.
    keeps = result.resting_level is not None and not arguments.dry_run and kind != "demo"
    if arguments.json:
        document = _document(kind, result)
        print(json_printable(json.dumps(document, indent=2, ensure_ascii=False)))
    else:
        _tell(result)
    if keeps:
        path = save_configuration(kept(configuration, result, arguments.side))
        if not arguments.json:
            say(f"kept in {path}")
            if arguments.side is None and configuration.wearer.side is None:
                say("which leg it was is not known: give --side, or run crampdetect setup")
    elif not arguments.json:
        say("nothing was kept")
    return 1 if any(finding.level == "failed" for finding in result.findings) else 0


def kept(
    configuration: "Configuration", result: "CalibrationResult", side: str | None
) -> "Configuration":
    """The configuration with what was found; what was not found stays as it was."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from crampdetect.storage.configuration import with_value

    zone = configuration.wearer.timezone
    today = datetime.now(ZoneInfo(zone) if zone else None).date()
    found: dict[str, object] = {
        "judging.shank_axis": result.shank_axis,
        "wearer.side": side,
        "calibration.date": today.isoformat(),
        "calibration.unit": result.unit,
        "calibration.resting_level": _rounded(result.resting_level),
        "calibration.raise_ratio": _rounded(result.raise_ratio),
    }
    for key, value in found.items():
        if value is not None:
            configuration = with_value(configuration, key, value)
    return configuration


def _tell(result: "CalibrationResult") -> None:
    say()
    for finding in result.findings:
        for line in finding_lines(finding):
            say(line)
    say()
    say(
        verdict_words(
            result.findings,
            "Everything was seen.",
            "It worked, but look at",
            "This did not work",
        )
    )
    say("It changes no threshold of the detector; those are the same for everybody.")


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _document(kind: str, result: "CalibrationResult") -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "device": kind,
        "shank_axis": result.shank_axis,
        "resting_level": _rounded(result.resting_level),
        "unit": result.unit,
        "raise_ratio": _rounded(result.raise_ratio),
        "steps": [
            {
                "step": finding.step,
                "level": finding.level,
                "found": finding.found,
                "expected": finding.expected,
                "advice": finding.advice,
                "features": {
                    name: round(value, 4)
                    for name, value in result.features.get(finding.step, {}).items()
                    if math.isfinite(value)
                },
            }
            for finding in result.findings
        ],
    }
