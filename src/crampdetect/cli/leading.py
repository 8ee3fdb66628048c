"""What `check` and `calibrate` share: the sensor to open, and what its wearer reads meanwhile."""

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from crampdetect.cli.terminal import complain, printable

if TYPE_CHECKING:
    from crampdetect.detection.types import SignalInfo
    from crampdetect.devices.decoder import Decoder
    from crampdetect.session_check_drive import Led
    from crampdetect.session_check_finding import CheckFinding
    from crampdetect.session_loop import EventSource
    from crampdetect.simulation import SimulatedNight
    from crampdetect.storage.configuration import Configuration

__all__ = ["add_sensor_options", "finding_lines", "lead", "verdict_words"]

#: Above every meaning that a person reads first.
_MARKS = {"passed": "OK", "doubtful": "LOOK", "failed": "NOT OK"}
_TITLES = {
    "contact": "Electrodes",
    "mains": "Mains hum",
    "rest": "Muscle at rest",
    "contractions": "Foot-raises",
    "gravity": "Movement",
    "loss": "Radio link",
    "battery": "Battery",
    "foot_raise": "Foot-raises",
    "stretch": "Stretch",
    "turn": "Turning over",
    "stand": "Standing",
    "walk": "Walking",
}

AnyLed = TypeVar("AnyLed", bound="Led")


def add_sensor_options(parser: ArgumentParser) -> None:
    """``--device``, ``--kind`` and ``--speed``."""
    group = parser.add_argument_group("the sensor")
    group.add_argument(
        "--device",
        metavar="ADDRESS",
        help="its address or port as `crampdetect devices` shows it, or demo for a simulated one"
        " (default: as set up)",
    )
    group.add_argument(
        "--kind", metavar="KIND", help="what it is, e.g. cramplink (default: as set up)"
    )
    group.add_argument(
        "--speed", metavar="TIMES", type=_speed, default=1.0, help="how fast the demo's time runs"
    )


def lead(
    arguments: Namespace,
    configuration: "Configuration",
    evening: "Callable[[], SimulatedNight]",
    make: "Callable[[tuple[SignalInfo, ...], Decoder], AnyLed]",
) -> tuple[str, AnyLed]:
    """Lead the wearer through what `make` makes; the kind of sensor, and how it ended.

    Parameters
    ----------
    arguments : Namespace
        With those of `add_sensor_options`; where it has `json`, what to do is told on stderr.
    configuration : Configuration
    evening : callable
        What the demo sends.
    make : callable
        Given the signals and the decoder.

    Raises
    ------
    ValueError
        No sensor is set up or asked for.
    DeviceError
        It is not there, or sends nothing.
    """
    from crampdetect.session_check_drive import lead_through

    def show(prompt: str) -> None:
        in_json = getattr(arguments, "json", False)
        print(printable(prompt), file=sys.stderr if in_json else sys.stdout, flush=True)

    with _opened(arguments, configuration, evening) as (kind, decoder, source):
        led = lead_through(decoder, source, _Clock(), lambda signals: make(signals, decoder), show)
    return kind, led


def finding_lines(finding: "CheckFinding") -> list[str]:
    """One line, and what to do below it where something is to be done."""
    title = _TITLES.get(finding.step, finding.step)
    lines = [f"{_MARKS[finding.level]:<7} {title:<15} {finding.sentence}"]
    if finding.advice and finding.level != "passed":
        lines.append(f"{'':<23} -> {finding.advice}")
    return lines


def verdict_words(findings: "tuple[CheckFinding, ...]", good: str, doubtful: str, bad: str) -> str:
    """One sentence over all; `doubtful` and `bad` are followed by what to look at."""
    for level, text in (("failed", bad), ("doubtful", doubtful)):
        named = [_TITLES.get(each.step, each.step) for each in findings if each.level == level]
        if named:
            return f"{text}: {', '.join(named)}."
    return good


@contextmanager
def _opened(
    arguments: Namespace,
    configuration: "Configuration",
    evening: "Callable[[], SimulatedNight]",
) -> "Iterator[tuple[str, Decoder, EventSource]]":

    device = arguments.device or configuration.device.address or ""
    # A device that is asked for need not be of the kind that was set up.
    kind = arguments.kind or (None if arguments.device else configuration.device.kind)
    if device == "demo" or (kind == "demo" and not device):
        from crampdetect.devices.catalogue import DEVICES
        from crampdetect.session_demo import DemoSource, demo_events

        demo = DemoSource(demo_events(evening(), 0), arguments.speed)
        yield "demo", DEVICES["demo"].make_decoder(), demo
        return
    if not device and kind is None:
        raise ValueError(
            "no sensor is set up; run `crampdetect setup`, or give --device (--device demo needs "
            "no sensor)"
        )
    from crampdetect.cli.live_link import open_link

    found, decoder, source = open_link(device, kind, configuration, _tell_link)
    try:
        yield found, decoder, source
    finally:
        source.stop()


def _tell_link(text: str, reason: str) -> None:
    """From the link's thread: what it is doing, where that is not as it should be."""
    if reason not in ("connected", "stopped"):
        complain(text)


class _Clock:
    """Silence of a sensor lasts as long as its wearer waits."""

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.1 <= speed <= 1000.0:
        raise ArgumentTypeError(f"{text!r} is no speed; expected 0.1 to 1000, e.g. 60")
    return speed
