"""``crampdetect check``: two minutes at bedtime that may save a night."""

import json
import math
import time
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crampdetect.cli.leading import add_sensor_options, finding_lines, lead, verdict_words
from crampdetect.cli.terminal import json_printable, say

if TYPE_CHECKING:
    from crampdetect.detection.types import SignalInfo
    from crampdetect.devices.decoder import Decoder
    from crampdetect.session_check import BedtimeCheck
    from crampdetect.session_check_finding import CheckFinding
    from crampdetect.storage.configuration import Configuration

__all__ = ["EPILOG", "add_arguments", "check_lines", "checked", "run"]

EPILOG = """\
example:
  crampdetect check
  crampdetect check --device demo --speed 60
  crampdetect check --json

Put the sensor on, lie down, and do what the screen says. Each line begins with OK, LOOK (the
night can begin, but look at this) or NOT OK (see to this first).
Exit code 1 if something is not OK.
"""
SCHEMA = 1


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_sensor_options(parser)
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document; what to do goes to stderr"
    )


def run(arguments: Namespace) -> int:
    """Check, and print what was found; 1 if a step failed."""
    from crampdetect.storage.configuration import load_configuration

    kind, findings = checked(arguments, load_configuration())
    if arguments.json:
        print(json_printable(json.dumps(_document(kind, findings), indent=2, ensure_ascii=False)))
    else:
        for line in check_lines(findings):
            say(line)
    return 1 if any(finding.level == "failed" for finding in findings) else 0


def checked(
    arguments: Namespace, configuration: "Configuration"
) -> "tuple[str, tuple[CheckFinding, ...]]":
    """Lead the wearer through a check: the kind of sensor, and what was found.

    Parameters
    ----------
    arguments : Namespace
        As for `leading.lead`.
    configuration : Configuration

    Raises
    ------
    ValueError, DeviceError
        As for `leading.lead`.
    """
    from crampdetect.session_check_demo import check_evening

    def make(signals: "tuple[SignalInfo, ...]", decoder: "Decoder") -> "BedtimeCheck":
        return new_check(signals, decoder, configuration)

    kind, check = lead(arguments, configuration, check_evening, make)
    now, until = night_times(configuration)
    return kind, check.findings(time.monotonic_ns(), now, until)


def check_lines(findings: "tuple[CheckFinding, ...]") -> list[str]:
    """What was found, for a person."""
    lines = [line for finding in findings for line in finding_lines(finding)]
    return ["", *lines, "", check_verdict(findings)]


def new_check(
    signals: "tuple[SignalInfo, ...]", decoder: "Decoder", configuration: "Configuration"
) -> "BedtimeCheck":
    """A check of this wearer."""
    from crampdetect.session_check import BedtimeCheck
    from crampdetect.session_settings import AXES

    return BedtimeCheck(
        signals,
        decoder.quality,
        mains=configuration.judging.mains,
        shank_axis=AXES[configuration.judging.shank_axis or "x"],
        percent_per_hour=configuration.battery.percent_per_hour,
        millivolts_per_hour=configuration.battery.millivolts_per_hour,
    )


def check_verdict(findings: "tuple[CheckFinding, ...]") -> str:
    """One sentence over the whole check."""
    return verdict_words(
        findings,
        "Everything is in order. Good night.",
        "The night can begin, but look at",
        "Not yet: see to this, then check again",
    )


def night_times(configuration: "Configuration") -> tuple[datetime, datetime | None]:
    """Now, and when the night ends, by the wearer's clock (else by this computer's)."""
    from zoneinfo import ZoneInfo

    from crampdetect.cli.stopping import next_time

    name = configuration.wearer.timezone
    now = datetime.now(ZoneInfo(name)) if name else datetime.now(UTC).astimezone()
    if configuration.wearer.until is None or now.tzinfo is None:
        return now, None
    wanted = datetime.strptime(configuration.wearer.until, "%H:%M").time()
    at = next_time(wanted, int(now.timestamp() * 1e9), now.tzinfo)
    return now, datetime.fromtimestamp(at / 1e9, now.tzinfo)


def _document(kind: str, findings: "tuple[CheckFinding, ...]") -> dict[str, object]:
    levels = {finding.level for finding in findings}
    result = next(each for each in ("failed", "doubtful", "passed") if each in levels)
    return {
        "schema": SCHEMA,
        "device": kind,
        "result": result,
        "steps": [
            {
                "step": finding.step,
                "level": finding.level,
                "found": finding.found,
                "expected": finding.expected,
                "advice": finding.advice,
                "measures": {
                    name: round(value, 4)
                    for name, value in finding.measures.items()
                    if math.isfinite(value)
                },
            }
            for finding in findings
        ],
    }
