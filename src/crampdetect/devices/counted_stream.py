"""The stream that a device counts: where on the night's index its frames belong.

Written rules
-------------
- Within an epoch (one run of the device's counter) a jump of the counter is an exact gap.
- A counter that is too narrow for a long loss is completed by arrival times: frames that come more
  than a quarter of a second later than their counter says are held for half a second, since a
  stalled link delivers a burst behind it and a loss does not.
- What the counter has shown before is a duplicate and dropped.
- After a lost link a wide counter that fits the arrival goes on with its epoch, and its gap is
  exact. Else a new epoch begins: its place follows from the arrivals of its first half second and
  the line of the epoch before; the gap is marked estimated.
- A wide counter that jumps back, or further than time allows, is a device that started anew.
- The first sample of the night has index 0.
"""

from dataclasses import dataclass
from fractions import Fraction

from crampdetect.detection.types import Array, Gap, Samples, Stream
from crampdetect.devices.arrival_line import ArrivalLine
from crampdetect.devices.time_map import Epoch, TimeMap
from crampdetect.link import LinkQuality

__all__ = ["WIDE", "CountedStream"]

#: Counters from here on (in samples) are wide: they do not come round within any lost link.
WIDE = 1 << 24
#: A frame this much later (s) than its counter says is held, for as long as the second says [A].
LATE_S, HELD_NS = 0.25, 500_000_000
#: Frames that are held at most; 4 s of the smallest frames, those of one sample at 1 kHz [A].
MOST_HELD = 4096
#: Duplicates come at once; further back a wide counter has begun anew [A].
DUPLICATE_S = 2.0
#: A wide counter that jumps further than time allows, by so much (s), began anew [A].
AHEAD_S = 4.0
#: A wide counter fits the arrival if it is off by at most this much: seconds, and share [A].
FITS_S, FITS_SHARE = 0.5, 0.02


@dataclass(frozen=True, slots=True)
class _Frame:
    counter: int
    values: Array
    monotonic_ns: int

    @property
    def count(self) -> int:
        return int(self.values.shape[0])


class CountedStream:
    """Places frames; see the rules above.

    Parameters
    ----------
    stream : {"emg", "acc"}
    rate : Fraction
        Nominal, in Hz.
    modulus : int
        Of the counter, in samples.
    quality : LinkQuality
        Of the night; counted into.
    duplicates : bool
        Frames can come twice. False for a link that cannot do so: then a narrow counter that seems
        to step back is a loss.
    """

    def __init__(
        self,
        stream: Stream,
        rate: Fraction,
        modulus: int,
        quality: LinkQuality,
        duplicates: bool = True,
    ) -> None:
        self._stream, self._rate, self._modulus = stream, rate, modulus
        self._quality, self._duplicates = quality, duplicates
        self._hz = float(rate)
        self._line: ArrivalLine | None = None
        self._past: list[Epoch] = []
        self._slope: tuple[float, float] | None = None
        self.next = 0
        self._counter = 0
        self._last_ns = 0
        self._link_lost = False
        self._held: list[_Frame] = []
        self._held_for = ""

    def push(self, counter: int, values: Array, monotonic_ns: int) -> list[Samples | Gap]:
        """Place one frame.

        Parameters
        ----------
        counter : int
            Of its first sample, modulo `modulus`.
        values : Array, shape (n_samples, n_channels)
            Float64, C-contiguous.
        monotonic_ns : int
            Arrival.
        """
        frame = _Frame(counter % self._modulus, values, monotonic_ns)
        if self._held:
            return self._wait(frame)
        if self._line is None:
            if self._past:
                return self._hold(frame, "restarted")
            self._begin(0)
            self._counter = frame.counter
            return self._follow(frame)
        ahead = (frame.counter - self._counter) % self._modulus
        if self._link_lost:
            return self._reconnected(frame, ahead)
        elapsed = (monotonic_ns - self._last_ns) * self._hz / 1e9
        back = self._modulus - ahead
        near = back <= min(DUPLICATE_S * self._hz, self._modulus / 2)
        if self._duplicates and near and elapsed < ahead / 2:
            self._quality.duplicate += 1
            return []
        if self._modulus >= WIDE:
            if ahead > elapsed + AHEAD_S * self._hz:
                self.restart()
                return self._hold(frame, "restarted")
        elif elapsed - ahead - frame.count > max(self._modulus / 2, LATE_S * self._hz):
            return self._hold(frame, "wrapped")
        return self._follow(frame)

    def push_run(self, counter: int, values: Array, monotonic_ns: int) -> list[Samples | Gap]:
        """Frames of one sample each, without a loss between them, as if pushed one by one."""
        out = self.push(counter, values[:1], monotonic_ns)
        at, count = 1, values.shape[0]
        while at < count:
            plain = not self._held and self._counter == (counter + at) % self._modulus
            stop = count if plain else at + 1
            out += self.push(counter + at, values[at:stop], monotonic_ns)
            at = stop
        return out

    def restart(self) -> None:
        """The device says that it started anew: the next frame begins an epoch."""
        if self._line is not None:
            self._quality.restarts += 1
            self._end_epoch()

    def link_lost(self) -> list[Samples | Gap]:
        """The link went down; frames that were held are placed."""
        out = self._decide() if self._held else []
        self._link_lost = self._line is not None
        return out

    def flush(self) -> list[Samples | Gap]:
        """Place what is still held."""
        return self._decide() if self._held else []

    @property
    def holding(self) -> bool:
        """Whether frames wait to be placed."""
        return bool(self._held)

    def time_map(self) -> TimeMap | None:
        """Of the night so far; None before the first frame."""
        fitted = None if self._line is None else self._line.fit()
        now = [] if fitted is None else [Epoch(fitted, self.next)]
        epochs = (*self._past, *now)
        return TimeMap(self._rate, epochs) if epochs else None

    # --- epochs

    def _begin(self, first: int) -> None:
        slope = None if self._slope is None else self._slope[1]
        self._line = ArrivalLine(self._rate, first, slope)
        self.next = first

    def _end_epoch(self) -> None:
        assert self._line is not None
        fitted, span = self._line.fit(), self._line.span_s
        if fitted is not None:
            self._past.append(Epoch(fitted, self.next))
            if self._slope is None or span > self._slope[0]:
                self._slope = (span, fitted.ns_per_sample)
        self._line = None

    def _reconnected(self, frame: _Frame, ahead: int) -> list[Samples | Gap]:
        assert self._line is not None
        fitted = self._line.fit()
        if self._modulus >= WIDE and fitted is not None:
            expected = fitted.index(frame.monotonic_ns) - self.next - frame.count
            if abs(ahead - expected) <= FITS_S * self._hz + FITS_SHARE * abs(expected):
                return self._follow(frame)
        self._end_epoch()
        return self._hold(frame, "disconnected")

    # --- frames that wait

    def _hold(self, frame: _Frame, why: str) -> list[Samples | Gap]:
        self._held, self._held_for = [frame], why
        return []

    def _wait(self, frame: _Frame) -> list[Samples | Gap]:
        if self._duplicates and frame.counter == self._held[-1].counter:
            self._quality.duplicate += 1
            return []
        self._held.append(frame)
        waited = frame.monotonic_ns - self._held[0].monotonic_ns
        full = len(self._held) >= MOST_HELD
        return self._decide() if waited >= HELD_NS or full else []

    def _decide(self) -> list[Samples | Gap]:
        held, self._held = self._held, []
        advances = self._advances(held)
        out: list[Samples | Gap] = []
        if self._held_for == "wrapped":
            ahead = (held[0].counter - self._counter) % self._modulus
            late = min(
                (one.monotonic_ns - self._last_ns) * self._hz / 1e9 - ahead - advance
                for one, advance in zip(held, advances, strict=True)
            )
            rounds = max(0, round(late / self._modulus))
            unsure = rounds > 0 and self._modulus < LATE_S * self._hz
            out += self._gap(ahead + rounds * self._modulus, "lost", unsure)
        else:
            before = self._past[-1]
            starts = (
                before.line.index(one.monotonic_ns) - advance
                for one, advance in zip(held, advances, strict=True)
            )
            # An epoch never follows on seamlessly: filters must begin anew.
            first = max(self.next + 1, round(min(starts)))
            out += self._gap(first - self.next, self._held_for, True)
            self._begin(first)
        self._counter = held[0].counter
        self._last_ns = held[0].monotonic_ns
        self._link_lost = False
        for frame in held:
            out += self.push(frame.counter, frame.values, frame.monotonic_ns)
        return out

    def _advances(self, held: list[_Frame]) -> list[int]:
        """Samples from the first held frame to the end of each."""
        out, counter, total = [], held[0].counter, 0
        for frame in held:
            total += (frame.counter - counter) % self._modulus + frame.count
            counter = (frame.counter + frame.count) % self._modulus
            out.append(total)
        return out

    # --- frames that are placed

    def _follow(self, frame: _Frame) -> list[Samples | Gap]:
        assert self._line is not None
        ahead = (frame.counter - self._counter) % self._modulus
        cause = "disconnected" if self._link_lost else "lost"
        out = self._gap(ahead, cause, False)
        self._link_lost = False
        out.append(Samples(self._stream, self.next, frame.values))
        self.next += frame.count
        self._counter = (frame.counter + frame.count) % self._modulus
        self._last_ns = frame.monotonic_ns
        self._line.add(self.next, frame.monotonic_ns)
        self._count(self._quality.received, frame.count)
        return out

    def _gap(self, length: int, cause: str, estimated: bool) -> list[Samples | Gap]:
        if length <= 0:
            return []
        gap = Gap(self._stream, self.next, self.next + length, cause, estimated)
        exact_loss = cause == "lost"
        self._count(self._quality.lost if exact_loss else self._quality.not_connected, length)
        self.next += length
        return [gap]

    def _count(self, table: dict[str, int], count: int) -> None:
        table[self._stream] = table.get(self._stream, 0) + count
