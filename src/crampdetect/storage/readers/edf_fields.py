"""The fixed-width text fields of an EDF or BDF header, read without trusting them."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from crampdetect.errors import RecordingError

__all__ = ["decimal_field", "integer_field", "start_time", "text_field"]

_INTEGER = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
#: Numbers of eight characters without an exponent lie within these powers of ten; one with an
#: exponent such as "1e999999" would be a number of megabytes.
_LARGEST_POWER = 12
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_START_DATE = re.compile(r"Startdate (\d\d)-([A-Za-z]{3})-(\d{4})( |$)")
#: EDF+ specification (Kemp and Olivan 2003, section 2.1.1): years 85-99 are 1985-1999.
_CLIPPING_YEAR = 85


def integer_field(raw: bytes, name: str, path: Path) -> int:
    """Read a whole number.

    Parameters
    ----------
    raw : bytes
        The field with its padding.
    name : str
        What it is, for the sentence of an error.
    path : Path

    Returns
    -------
    int

    Raises
    ------
    RecordingError
        Anything but a whole number.

    Examples
    --------
    >>> integer_field(b"1000    ", "number of data records", Path("night.edf"))
    1000
    """
    text = _ascii(raw, name, path)
    if not _INTEGER.fullmatch(text):
        raise RecordingError(
            f"{path}: the header's {name} is {text!r}; expected a whole number in plain digits"
        )
    return int(text)


def decimal_field(raw: bytes, name: str, path: Path) -> Fraction:
    """Read a decimal number exactly.

    Parameters
    ----------
    raw : bytes
        The field with its padding.
    name : str
        What it is, for the sentence of an error.
    path : Path

    Returns
    -------
    Fraction

    Raises
    ------
    RecordingError
        Anything but a number of sensible size.

    Examples
    --------
    >>> decimal_field(b"0.999   ", "record duration", Path("night.edf"))
    Fraction(999, 1000)
    """
    text = _ascii(raw, name, path)
    if _DECIMAL.fullmatch(text):
        number = Decimal(text)
        if not number or abs(number.adjusted()) <= _LARGEST_POWER:
            return Fraction(number)
    raise RecordingError(f"{path}: the header's {name} is {text!r}; expected a decimal number")


def text_field(raw: bytes, name: str, path: Path) -> str:
    """Read a text: ASCII by the standard, UTF-8 or Latin-1 (for a micro sign) in practice.

    Parameters
    ----------
    raw : bytes
        The field with its padding.
    name : str
        What it is, for the sentence of an error.
    path : Path

    Returns
    -------
    str

    Raises
    ------
    RecordingError
        Control characters: the header is damaged.

    Examples
    --------
    >>> text_field(b"\\xb5V      ", "unit of signal 1", Path("night.edf"))
    'µV'
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        # Every byte is a character of Latin-1; the wrong ones are control characters there.
        text = raw.decode("latin-1")
    text = text.strip(" \0")
    if not text.isprintable():
        raise RecordingError(
            f"{path}: the header's {name} is {text!r}; expected printable ASCII or UTF-8 text"
        )
    return text


def start_time(date_raw: bytes, time_raw: bytes, recording: bytes) -> datetime | None:
    """Read the naive start of a recording.

    Parameters
    ----------
    date_raw, time_raw : bytes
        The header's ``dd.mm.yy`` and ``hh.mm.ss``.
    recording : bytes
        The recording identification; EDF+ repeats the date there with four digits of the year,
        or says ``Startdate X`` where it is withheld.

    Returns
    -------
    datetime or None
        None where the date is withheld, or where it is none.

    Examples
    --------
    >>> start_time(b"14.03.26", b"02.10.00", b"Startdate 14-MAR-2026 X X X")
    datetime.datetime(2026, 3, 14, 2, 10)
    """
    field = recording.decode("latin-1").strip()
    if field.startswith("Startdate X"):
        return None
    days = re.fullmatch(rb"(\d\d).(\d\d).(\d\d)", date_raw.strip())
    clock = re.fullmatch(rb"(\d\d).(\d\d).(\d\d)", time_raw.strip())
    if days is None or clock is None:
        return None
    day, month, year = (int(part) for part in days.groups())
    year += 1900 if year >= _CLIPPING_YEAR else 2000
    stated = _START_DATE.match(field)
    if stated and stated[2].upper() in _MONTHS:
        day, month, year = int(stated[1]), _MONTHS.index(stated[2].upper()) + 1, int(stated[3])
    hour, minute, second = (int(part) for part in clock.groups())
    try:
        return datetime.combine(date(year, month, day), time(hour, minute, second))
    except ValueError:  # such as "00.00.00", which anonymisers write: no date is given
        return None


def _ascii(raw: bytes, name: str, path: Path) -> str:
    try:
        return raw.decode("ascii").strip(" \0")
    except UnicodeDecodeError as error:
        raise RecordingError(
            f"{path}: the header's {name} is {raw!r}; expected a number in ASCII digits"
        ) from error
