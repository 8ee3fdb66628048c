"""``crampdetect simulate``: nights made by numbers, each with what really happened in it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.numbers import whole_number
from crampdetect.cli.options import sampling_rate
from crampdetect.cli.targets import refuse_existing

if TYPE_CHECKING:
    from crampdetect.simulation import NightParameters

__all__ = ["EPILOG", "SENSOR_NAMES", "add_arguments", "run"]

EPILOG = """\
examples:
  crampdetect simulate nights --nights 3 --seed 7 --hours 8 --rate 1000
  crampdetect simulate nights --nights 28 --patients 4 --sensor ganglion --world random

Writes night-0007.edf (.bdf for sensors of more than 16 bits) and night-0007.truth.json, and
so on with the numbers that follow. The same options give the same night. Dates are
fictional. Simulated nights are simulation: figures obtained on them say nothing about
patients, and no sensor was tried on hardware.
"""

#: As in `crampdetect.simulation.sensors`, which takes numpy to load; a test keeps them equal.
SENSOR_NAMES = (
    "default", "umyo-base", "umyo", "shimmer3-1024", "shimmer3-512", "bitalino", "myoware",
    "gforcepro", "npg-lite", "cyton", "ganglion", "myo", "mentalab", "muscleban", "delsys",
)  # fmt: skip
#: A night of so many would be one cramp.
_MOST_CRAMPS = 100.0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("out", metavar="OUT", type=Path, help="folder, made where missing")
    parser.add_argument("--nights", metavar="N", type=whole_number, default=1, help="(default: 1)")
    parser.add_argument(
        "--seed", metavar="N", type=whole_number, default=1, help="of the first night (default: 1)"
    )
    parser.add_argument(
        "--patients",
        metavar="P",
        type=whole_number,
        help="spread the nights in turn over so many patients (default: each night another one)",
    )
    parser.add_argument(
        "--hours", metavar="H", type=_hours, default=8.0, help="length of each (default: 8)"
    )
    parser.add_argument("--force", action="store_true", help="replace nights that exist")
    _add_sensor(parser)
    _add_world(parser)


def _add_sensor(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("what records them")
    group.add_argument(
        "--sensor", choices=SENSOR_NAMES, default="default", metavar="NAME",
        help="its rates, steps, rails, axes and filters: " + ", ".join(SENSOR_NAMES)
        + " (default: default, 1000 Hz and 100 Hz in 16 bits)",
    )  # fmt: skip
    group.add_argument(
        "--channels", type=int, choices=(1, 2), default=1, help="EMG channels (default: 1)"
    )
    group.add_argument(
        "--rate", metavar="HZ", type=sampling_rate, help="EMG rate (default: the sensor's)"
    )
    motion = group.add_mutually_exclusive_group()
    motion.add_argument(
        "--acc-rate",
        metavar="HZ",
        type=sampling_rate,
        help="acceleration rate (default: the sensor's)",
    )
    motion.add_argument("--no-acc", action="store_true", help="without an accelerometer")


def _add_world(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("what happens in them")
    group.add_argument(
        "--cramps-per-night",
        metavar="X",
        type=_cramps,
        help="mean over patients, per 8 h (default: the world's)",
    )
    group.add_argument(
        "--world",
        choices=("default", "random", "other", "heavy"),
        default="default",
        help="table of what is assumed: as documented, drawn anew for each patient, a second set"
        " of assumptions, many look-alikes (default: default)",
    )


def run(arguments: Namespace) -> int:
    """Write the nights."""
    from crampdetect.cli.simulate_writing import Made, write_night
    from crampdetect.simulation import simulate_night

    nights, out = arguments.nights, arguments.out
    patients = nights if arguments.patients is None else arguments.patients
    if arguments.patients is not None and not 1 <= patients <= nights:
        raise ValueError(f"{patients} patients were asked for {nights} nights; expected 1 to that")
    made = []
    for count in range(nights):
        number, patient = arguments.seed + count, arguments.seed + count % patients
        path = out / f"night-{number:04d}.edf"
        made.append(Made(path, arguments.sensor, arguments.world, patient, count // patients))
    tables = [_table(arguments, patient) for patient in {each.patient: 0 for each in made}]
    for each in made:  # all of them before the first takes its time
        refuse_existing(each.files, force=arguments.force)
    out.mkdir(parents=True, exist_ok=True)
    for count, each in enumerate(made):
        night = simulate_night(tables[count % patients], each.patient, each.night)
        write_night(night, each, day=count)
    return 0


def _table(arguments: Namespace, patient: int) -> "NightParameters":
    """The numbers of one patient's nights: world first, then sensor, then what is asked for."""
    from dataclasses import replace

    from crampdetect.simulation import NightParameters, in_world
    from crampdetect.simulation.sensors import with_sensor

    table = NightParameters(duration_s=arguments.hours * 3600, emg_channels=arguments.channels)
    table = with_sensor(in_world(table, arguments.world, patient), arguments.sensor)
    if arguments.cramps_per_night is not None:
        table = replace(table, cramps_per_night=arguments.cramps_per_night)
    if arguments.rate is not None:
        table = replace(table, emg_rate=arguments.rate)
    if arguments.acc_rate is not None:
        if not table.acc_axes:
            raise ValueError(f"--acc-rate: the sensor {arguments.sensor} has no accelerometer")
        table = replace(table, acc_rate=arguments.acc_rate)
    return replace(table, acc_axes=0) if arguments.no_acc else table


def _hours(text: str) -> float:
    hours = _number(text, "hours")
    if not 0 < hours <= 48:
        raise ArgumentTypeError(f"{text!r} hours cannot be simulated; expected up to 48")
    return hours


def _cramps(text: str) -> float:
    cramps = _number(text, "cramps")
    if not 0 <= cramps <= _MOST_CRAMPS:
        raise ArgumentTypeError(f"{text!r} cramps are no night; expected 0 to {_MOST_CRAMPS:g}")
    return cramps


def _number(text: str, of: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no number of {of}") from error
