"""``crampdetect simulate``: nights made by numbers, each with what really happened in it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.options import sampling_rate
from crampdetect.cli.targets import refuse_existing
from crampdetect.cli.terminal import progress_bar, say

if TYPE_CHECKING:
    from crampdetect.detection.types import Gap, Samples
    from crampdetect.simulation import SimulatedNight

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect simulate nights --nights 3 --seed 7 --hours 8 --rate 1000

Writes night-0007.edf and night-0007.truth.json, and so on with the seeds that follow. The
same seed gives the same night. Dates are fictional. Simulated nights are simulation:
figures obtained on them say nothing about patients.
"""

#: Fictional, and plainly so: the first evening of a year.
_FIRST_EVENING = datetime(2026, 1, 1, 22, 30)


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("out", metavar="OUT", type=Path, help="folder, made where missing")
    parser.add_argument("--nights", metavar="N", type=_whole, default=1, help="(default: 1)")
    parser.add_argument(
        "--seed", metavar="N", type=_whole, default=1, help="of the first night (default: 1)"
    )
    parser.add_argument(
        "--hours", metavar="H", type=_hours, default=8.0, help="length of each (default: 8)"
    )
    parser.add_argument(
        "--rate",
        metavar="HZ",
        type=sampling_rate,
        default=Fraction(1000),
        help="EMG rate (default: 1000)",
    )
    parser.add_argument("--force", action="store_true", help="replace nights that exist")


def run(arguments: Namespace) -> int:
    """Write the nights."""
    from crampdetect.simulation import NightParameters, simulate_night

    parameters = NightParameters(duration_s=arguments.hours * 3600, emg_rate=arguments.rate)
    out: Path = arguments.out
    seeds = range(arguments.seed, arguments.seed + arguments.nights)
    for seed in seeds:  # all of them before the first takes its time
        refuse_existing(_files(out / f"night-{seed:04d}.edf"), force=arguments.force)
    out.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        start = _FIRST_EVENING + timedelta(days=number)
        _write(simulate_night(parameters, seed), out / f"night-{seed:04d}.edf", start)
    return 0


def _files(path: Path) -> list[Path]:
    """All that a night may be written to."""
    return [path.with_suffix(suffix) for suffix in (".edf", ".bdf", ".truth.json")]


def _write(night: "SimulatedNight", path: Path, start: datetime) -> None:
    from crampdetect.records import Annotation
    from crampdetect.storage.edf_writer import write_edf
    from crampdetect.storage.whole_file import whole_file

    # The writer reads twice: once for the range of values, once for the values.
    with progress_bar(path.name, 2 * float(night.duration)) as progress:
        written = write_edf(
            path,
            night.signals,
            _Read(night, progress),
            lengths=night.lengths,
            start_local=start,
            annotations=[Annotation(0.0, 0.0, "Simulated recording, no person")],
        )
    with whole_file(path.with_suffix(".truth.json")) as file:
        file.write(night.truth.to_json().encode())
    say(f"wrote {written} with {len(night.truth.of_kind('cramp'))} cramps")


class _Read:
    """Reads of a night that tell how far they are, one after the other."""

    def __init__(self, night: "SimulatedNight", progress: Callable[[float], None] | None) -> None:
        self._night = night
        self._progress = progress
        self._before_s = 0.0

    def __call__(self) -> "Iterator[Samples | Gap]":
        rates = {each.stream: each.nominal_sampling_frequency for each in self._night.signals}
        for item in self._night.read():
            yield item
            if self._progress is not None:
                self._progress(self._before_s + float(item.stop / rates[item.stream]))
        self._before_s += float(self._night.duration)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ArgumentTypeError(f"{text!r} is no whole number; expected one such as 7")
    return int(text)


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no number of hours") from error
    if not 0 < hours <= 48:
        raise ArgumentTypeError(f"{text!r} hours cannot be simulated; expected up to 48")
    return hours
