"""Annotations as the time-stamped lists (TALs) of EDF+, spread over the data records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, isfinite

from crampdetect.detection.types import SignalInfo, Stream
from crampdetect.errors import RecordingError
from crampdetect.records import Annotation
from crampdetect.storage.edf_marks import gap_text, is_own_mark, padding_text

__all__ = ["TalSpread", "annotation_tals", "gap_tals", "subsecond"]

#: Onsets carry nanoseconds: a gap's bounds are exact at any rate below 1 GHz.
_NANO = 10**9
#: Every record reserves room for the longest text: a page of it is enough.
LONGEST_TEXT_BYTES = 4096


def subsecond(start_local: datetime | None) -> Fraction:
    """Fraction of a second of the start: EDF+ keeps it as the onset of the first record."""
    return Fraction(start_local.microsecond if start_local else 0, 1_000_000)


def gap_tals(
    signals: Sequence[SignalInfo],
    gaps: Mapping[Stream, Iterable[tuple[int, int]]],
    lengths: Mapping[Stream, int],
    filled: Mapping[Stream, int],
    shift: Fraction,
) -> list[bytes]:
    """Mark gaps and the padding after the end of each stream, so that indices come back exactly.

    The onset is rounded up and the end down, to a nanosecond: floor and ceiling of the product
    with the rate are then the sample indices.

    Parameters
    ----------
    signals : sequence of SignalInfo
    gaps : mapping of stream to (start, stop)
    lengths : mapping of stream to int
    filled : mapping of stream to int
        Number of samples that the data records hold.
    shift : Fraction
        Onset of the first record in seconds.

    Returns
    -------
    list of bytes

    Examples
    --------
    >>> emg = SignalInfo("emg", ("EMG",), Fraction(1000), "uV")
    >>> gap_tals([emg], {"emg": [(5, 7)]}, {"emg": 999}, {"emg": 1000}, Fraction(0))
    [b'+0.005\\x150.002\\x14BAD_gap emg\\x14\\x00', \
b'+0.999\\x150.001\\x14BAD_padding emg\\x14\\x00']
    """
    tals = []
    for info in signals:
        rate = info.nominal_sampling_frequency
        spans = [(start, stop, gap_text(info.stream)) for start, stop in gaps[info.stream]]
        if lengths[info.stream] < filled[info.stream]:
            end = (lengths[info.stream], filled[info.stream], padding_text(info.stream))
            spans.append(end)
        for start, stop, text in spans:
            onset = Fraction(ceil(start / rate * _NANO), _NANO)
            end_s = Fraction(floor(stop / rate * _NANO), _NANO)
            tals.append(_tal(onset + shift, end_s - onset, text))
    return tals


def annotation_tals(annotations: Iterable[Annotation], shift: Fraction) -> list[bytes]:
    """Encode annotations; our own marks among them are left out, they are made from the gaps.

    Parameters
    ----------
    annotations : iterable of Annotation
    shift : Fraction
        Onset of the first record in seconds.

    Returns
    -------
    list of bytes

    Raises
    ------
    RecordingError
        A text of more than 4096 bytes.
    ValueError
        No text, or a time that is none.
    """
    tals = []
    for one in annotations:
        if is_own_mark(one.text):
            continue
        # EDF+ reserves the control characters but for tab and line breaks.
        text = "".join(c if c in "\t\n\r" or c >= " " else " " for c in one.text)
        if not text.strip() or not isfinite(one.onset_s) or not 0 <= one.duration_s < float("inf"):
            raise ValueError(
                f"{one!r} is no annotation: expected a text, an onset, a duration >= 0"
            )
        if len(text.encode()) > LONGEST_TEXT_BYTES:
            raise RecordingError(
                f"The annotation at {one.onset_s:g} s has {len(text.encode())} bytes of text; "
                f"expected at most {LONGEST_TEXT_BYTES}"
            )
        onset, duration = (_nanoseconds(value) for value in (one.onset_s, one.duration_s))
        tals.append(_tal(onset + shift, duration, text))
    return tals


class TalSpread:
    """Spreads annotations over all data records, so that many or long ones are not lost.

    A reader collects annotations from all records, wherever they are stored.

    Parameters
    ----------
    tals : sequence of bytes
    records : int
    duration : Fraction
        Of a record in seconds.
    shift : Fraction
        Onset of the first record in seconds.
    sample_bytes : int
    """

    def __init__(
        self,
        tals: Sequence[bytes],
        records: int,
        duration: Fraction,
        shift: Fraction,
        sample_bytes: int,
    ) -> None:
        self._tals = tals
        self._records = records
        self._duration = duration
        self._shift = shift
        # Each record but the last takes at least the mean, as it stops short by one entry at most.
        longest = max((len(tal) for tal in tals), default=0)
        mean = ceil(sum(len(tal) for tal in tals) / records)
        decimals = max(len(_decimal(value).partition(".")[2]) for value in (duration, shift))
        onset = len(str(floor(records * duration + shift))) + decimals + len("+.\x14\x14\x00")
        self.width = ceil((onset + mean + longest) / sample_bytes) * sample_bytes

    def records(self) -> Iterator[bytes]:
        """Yield the annotation bytes of each data record."""
        waiting = 0
        for record in range(self._records):
            onset = record * self._duration + self._shift
            parts = [f"+{_decimal(onset)}\x14\x14\x00".encode()]
            room = self.width - len(parts[0])
            while waiting < len(self._tals) and len(self._tals[waiting]) <= room:
                room -= len(self._tals[waiting])
                parts.append(self._tals[waiting])
                waiting += 1
            yield b"".join(parts).ljust(self.width, b"\0")


def _tal(onset: Fraction, duration: Fraction, text: str) -> bytes:
    sign = "" if onset < 0 else "+"
    length = f"\x15{_decimal(duration)}" if duration else ""
    return f"{sign}{_decimal(onset)}{length}\x14{text}\x14\x00".encode()


def _nanoseconds(value: float) -> Fraction:
    return Fraction(round(Fraction(repr(value)) * _NANO), _NANO)


def _decimal(value: Fraction) -> str:
    """Plain decimal text of a number that has one."""
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
