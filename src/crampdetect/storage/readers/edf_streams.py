"""One stream of an EDF file: its description, and its Samples and Gaps in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import BinaryIO

import numpy as np

from crampdetect.detection.types import Array, Gap, Samples, SignalInfo, Stream
from crampdetect.errors import RecordingError
from crampdetect.storage.edf_marks import ChannelNote, padded_stream, parse_note
from crampdetect.storage.readers.edf_annotations import Mark
from crampdetect.storage.readers.edf_calibration import calibration
from crampdetect.storage.readers.edf_description import describe, exact_rate, unit_of
from crampdetect.storage.readers.edf_header import EdfHeader, EdfSignal
from crampdetect.storage.readers.edf_records import read_digital
from crampdetect.storage.readers.edf_timing import Run, Stretch, bad_spans, stretches
from crampdetect.storage.recording import BLOCK_SECONDS, ReadOptions
from crampdetect.storage.units import implausible_emg

__all__ = ["EdfStream", "make_stream", "resting_warnings"]


@dataclass(frozen=True, slots=True)
class EdfStream:
    """The chosen signals of one stream.

    `placed` has, for each run of records, the index of its first sample, the index after its
    last, and its first record; `bad` the spans under ``BAD_`` annotations.
    """

    header: EdfHeader
    info: SignalInfo
    signals: tuple[EdfSignal, ...]
    factors: tuple[tuple[float, float], ...]
    placed: tuple[tuple[int, int, int], ...]
    bad: tuple[tuple[int, int], ...]
    length: int
    warnings: tuple[str, ...]

    def items(self, until: int | None = None) -> Iterator[Samples | Gap]:
        """Iterate over the stream up to index `until`, in blocks of at most ``BLOCK_SECONDS``."""
        length = self.length if until is None else min(until, self.length)
        step = max(floor(BLOCK_SECONDS * self.info.nominal_sampling_frequency), 1)
        try:
            file = self.header.path.open("rb")
        except OSError as error:
            raise RecordingError(
                f"{self.header.path}: the file cannot be opened again ({error}); "
                "expected it to stay while it is read"
            ) from error
        with file:
            for part in stretches(self.info.stream, self.placed, self.bad, length):
                if isinstance(part, Gap):
                    yield part
                    continue
                for start in range(part.start, part.stop, step):
                    stop = min(start + step, part.stop)
                    yield Samples(self.info.stream, start, self._values(file, part, start, stop))

    def _values(self, file: BinaryIO, part: Stretch, start: int, stop: int) -> Array:
        values = np.empty((stop - start, len(self.signals)))
        first = part.position + start - part.start
        for column, (signal, (gain, offset)) in enumerate(
            zip(self.signals, self.factors, strict=True)
        ):
            digital = read_digital(
                file, self.header, signal, part.record, first, first + stop - start
            )
            np.multiply(digital, gain, out=values[:, column])
            values[:, column] += offset
        return values


def make_stream(
    header: EdfHeader,
    stream: Stream,
    signals: Sequence[EdfSignal],
    options: ReadOptions,
    marks: Sequence[Mark],
    runs: Sequence[Run],
) -> EdfStream:
    """Describe a stream and place it in time.

    Parameters
    ----------
    header : EdfHeader
    stream : {"emg", "acc"}
    signals : sequence of EdfSignal
        The chosen channels, of one rate.
    options : ReadOptions
    marks : sequence of Mark
    runs : sequence of Run

    Returns
    -------
    EdfStream

    Raises
    ------
    RecordingError
        A calibration that is none.
    """
    rate = exact_rate(header, signals[0])
    notes = [parse_note(signal.transducer) for signal in signals]
    unit, scales, warnings = unit_of(header, stream, signals, options)
    calibrations = [
        calibration(header, signal).scaled(scale)
        for signal, scale in zip(signals, scales, strict=True)
    ]
    placed = _place(signals[0], runs, rate)
    length = _length(stream, notes[0], marks, rate, placed[-1][1])
    return EdfStream(
        header=header,
        info=describe(stream, signals, notes, calibrations, rate, unit),
        signals=tuple(signals),
        factors=tuple((float(one.gain), float(one.offset)) for one in calibrations),
        placed=placed,
        bad=tuple(bad_spans(marks, stream, rate, length)),
        length=length,
        warnings=warnings,
    )


def resting_warnings(stream: EdfStream) -> tuple[str, ...]:
    """Sentences about declared units that the first minute shows to be impossible."""
    if stream.info.unit != "uV":
        return ()
    until = floor(BLOCK_SECONDS * stream.info.nominal_sampling_frequency)
    blocks = [item.values for item in stream.items(until) if isinstance(item, Samples)]
    if not blocks:
        return ()
    values = np.concatenate(blocks)
    sentences = (
        implausible_emg(values[:, column], name) for column, name in enumerate(stream.info.channels)
    )
    return tuple(f"{stream.header.path}: {said}" for said in sentences if said is not None)


def _place(
    signal: EdfSignal, runs: Sequence[Run], rate: Fraction
) -> tuple[tuple[int, int, int], ...]:
    # Rounded half up: the same for equal fractions of any parity, unlike round().
    starts = [floor(run.time * rate + Fraction(1, 2)) for run in runs]
    return tuple(
        (start, start + run.count * signal.per_record, run.record)
        for start, run in zip(starts, runs, strict=True)
    )


def _length(
    stream: Stream,
    note: ChannelNote | None,
    marks: Sequence[Mark],
    rate: Fraction,
    end: int,
) -> int:
    """End of the last record, or where a note of ours says that padding begins."""
    if note is None:
        return end
    ends = [floor(mark.onset * rate) for mark in marks if padded_stream(mark.text) == stream]
    return max(min([end, *ends]), 0)
