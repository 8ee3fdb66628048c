"""Options that several commands share, and the checks of their values."""

import os
import re
import unicodedata
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from crampdetect.detection.profiles import profile

if TYPE_CHECKING:  # numpy behind these would cost `--help` its 0.2 s
    from crampdetect.session import Settings
    from crampdetect.storage.recording import ReadOptions

__all__ = [
    "add_judging_options",
    "add_log_option",
    "add_reading_options",
    "add_span_options",
    "add_wearer_options",
    "day",
    "profile_name",
    "read_options",
    "sampling_rate",
    "settings",
    "words_of_a_person",
]

#: Short on purpose: Fraction("1e999999999") would compute for ever.
_RATE = re.compile(r"(?P<number>[0-9]{1,9}(\.[0-9]{1,12})?)(/(?P<divisor>[0-9]{1,9}))?")


def sampling_rate(text: str) -> Fraction:
    """A rate in Hz, exactly as written: ``1000``, ``1259.259`` or ``34000/27``.

    Examples
    --------
    >>> sampling_rate("1259.259")
    Fraction(1259259, 1000)
    """
    match = _RATE.fullmatch(text)
    divisor = Fraction(match["divisor"] or 1) if match else Fraction(0)
    if match is None or divisor == 0 or not (value := Fraction(match["number"]) / divisor):
        raise ArgumentTypeError(f"{text!r} is no rate; expected Hz such as 1000 or 34000/27")
    return value


def day(text: str) -> date:
    """A calendar date, ``2026-03-14``."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date; expected one such as 2026-03-14") from error


def profile_name(text: str) -> str:
    """A set of thresholds, by its short name or, also an earlier one, by its full name.

    Examples
    --------
    >>> profile_name("strict"), profile_name("standard-1")
    ('strict', 'standard-1')
    """
    try:
        profile(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{error}, or a full name such as standard-1") from error
    return text


def words_of_a_person(text: str) -> str:
    r"""A name in any script; what steers a terminal is none.

    Examples
    --------
    >>> words_of_a_person("Wade, außen")
    'Wade, außen'
    """
    # Control characters, lone surrogates, and separators of lines and paragraphs.
    if any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") for each in text):
        raise ArgumentTypeError(f"{text!r} holds a control character; expected plain words")
    return text


def add_log_option(parser: ArgumentParser) -> None:
    """``--log``."""
    parser.add_argument(
        "--log",
        metavar="URL",
        help="episode log: a file, or a database URL such as postgresql://host/name"
        " (default: CRAMPDETECT_LOG, else a file in your data directory)",
    )


def add_span_options(parser: ArgumentParser) -> None:
    """``--since`` and ``--until``."""
    parser.add_argument(
        "--since", metavar="DATE", type=day, help="from this night on (date of the evening)"
    )
    parser.add_argument("--until", metavar="DATE", type=day, help="up to and with this night")


def add_reading_options(parser: ArgumentParser) -> None:
    """What a person may say about a file."""
    group = parser.add_argument_group("about the file")
    group.add_argument(
        "--emg",
        "--emg-column",
        metavar="NAME",
        action="append",
        default=[],
        help="EMG channel or column, by name or 1-based number; may be repeated (default: guessed)",
    )
    group.add_argument(
        "--acc",
        "--acc-column",
        metavar="NAME",
        action="append",
        default=[],
        help="acceleration channel, by name or number; may be repeated (default: guessed)",
    )
    group.add_argument(
        "--rate", metavar="HZ", type=sampling_rate, help="EMG rate, for files that do not say"
    )
    group.add_argument(
        "--acc-rate", metavar="HZ", type=sampling_rate, help="acceleration rate, likewise"
    )
    group.add_argument("--unit", help="EMG unit for files that do not say: uV, mV, V, a.u.")
    group.add_argument("--acc-unit", help="acceleration unit, likewise: g, mg, m/s^2")


def add_judging_options(parser: ArgumentParser) -> None:
    """How a recording is judged."""
    group = parser.add_argument_group("how it is judged")
    group.add_argument(
        "--profile",
        metavar="NAME",
        type=profile_name,
        help="frozen set of thresholds: strict, standard, sensitive, or an earlier one by its full"
        " name, such as standard-1 (default: as a capture says, else standard)",
    )
    group.add_argument(
        "--model", metavar="NAME", help="a model that came with crampdetect, or a model file"
    )
    group.add_argument(
        "--mains", type=int, choices=(50, 60), help="mains frequency in Hz (default: measured)"
    )
    group.add_argument(
        "--shank-axis",
        choices=("x", "y", "z"),
        help="acceleration axis along the shank (default: as a capture says, else x)",
    )
    group.add_argument(
        "--timezone",
        metavar="ZONE",
        default=os.environ.get("CRAMPDETECT_TIMEZONE") or None,
        help="IANA zone of the file's clock, e.g. Europe/Berlin"
        " (default: CRAMPDETECT_TIMEZONE, else unknown)",
    )


def add_wearer_options(parser: ArgumentParser) -> None:
    """Whose leg it is, for the log."""
    group = parser.add_argument_group("whose it is, for the log")
    words = words_of_a_person
    group.add_argument("--participant", metavar="CODE", type=words, help="pseudonym, never a name")
    group.add_argument("--side", choices=("left", "right"), help="leg that wore the sensor")
    group.add_argument("--muscle", type=words, help="for example 'gastrocnemius medialis'")
    group.add_argument("--site", type=words, help="electrode site, in words")


def read_options(arguments: Namespace) -> "ReadOptions":
    """The answers to `add_reading_options`."""
    from crampdetect.storage.recording import ReadOptions

    return ReadOptions(
        emg=tuple(arguments.emg),
        acc=tuple(arguments.acc),
        rate=arguments.rate,
        acc_rate=arguments.acc_rate,
        unit=arguments.unit,
        acc_unit=arguments.acc_unit,
    )


def settings(arguments: Namespace) -> "Settings":
    """The answers to `add_judging_options`, and to `add_wearer_options` where a command has it."""
    from crampdetect.session import Settings

    given = vars(arguments)
    return Settings(
        profile=arguments.profile,
        model=arguments.model,
        mains=arguments.mains,
        shank_axis=arguments.shank_axis,
        timezone=arguments.timezone,
        participant=given.get("participant"),
        side=given.get("side"),
        muscle=given.get("muscle"),
        electrode_site=given.get("site"),
    )
