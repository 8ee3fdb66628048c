"""A simulated night: its events, and its signals generated block by block."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

import numpy as np

from crampdetect.detection.types import Array, Gap, Samples, SignalInfo, Stream
from crampdetect.simulation.accelerometer import AccSampler
from crampdetect.simulation.channels import acc_info, emg_info
from crampdetect.simulation.contact import Dropout, LeadOff
from crampdetect.simulation.events import LEAD_SECONDS, Event, Scene
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.person import RestingFloor, draw_person
from crampdetect.simulation.sampling import EmgSampler
from crampdetect.simulation.seeds import Seeds
from crampdetect.simulation.truth import Truth, TruthEvent

__all__ = ["BLOCK_SECONDS", "SimulatedNight"]

#: Seconds generated at once; part of the definition of a night, since noise is drawn in blocks.
BLOCK_SECONDS = 60
#: The last word of an event's key: planning has drawn from the key without it.
DRAWING = 1


@dataclass(frozen=True, eq=False)
class SimulatedNight:
    """A night made by numbers.

    Parameters
    ----------
    parameters : NightParameters
    seed : int
        The person.
    events : tuple of Event
        With keys, in order of onset.
    night : int
        Which of the person's nights, from 0.

    Examples
    --------
    >>> night = SimulatedNight(NightParameters(duration_s=90), 1, ())
    >>> [(item.stream, item.start, item.stop) for item in night.read()]
    [('emg', 0, 60000), ('acc', 0, 6000), ('emg', 60000, 90000), ('acc', 6000, 9000)]
    """

    parameters: NightParameters
    seed: int
    events: tuple[Event, ...]
    night: int = 0

    @property
    def signals(self) -> tuple[SignalInfo, ...]:
        """The EMG stream (uV or a.u.) and, where there is an accelerometer, the ACC stream (g)."""
        acc = acc_info(self.parameters)
        return (emg_info(self.parameters), *([] if acc is None else [acc]))

    @property
    def duration(self) -> Fraction:
        """In seconds."""
        return Fraction(self.parameters.duration_s)

    @property
    def lengths(self) -> dict[Stream, int]:
        """Number of sample indices of each stream, gaps included."""
        return {info.stream: self._index(info.stream, self.duration) for info in self.signals}

    @property
    def truth(self) -> Truth:
        """What happens."""
        person = draw_person(self.parameters, Seeds(self.seed, self.night))
        events = tuple(self._told(event) for event in self.events)
        return Truth(self.seed, float(self.duration), person.resting_uv, events, self.night)

    def _told(self, event: Event) -> TruthEvent:
        """The truth of one event; time is valid while one pair of electrodes is on."""
        told = event.truth()
        if isinstance(event, LeadOff) and event.channel is not None:
            return replace(told, invalid=self.parameters.emg_channels == 1)
        return told

    def read(self) -> Iterator[Samples | Gap]:
        """Generate the night from its beginning: its streams in turn, in blocks of 60 s.

        A gap is one item in each stream, in the block in which it begins. Every call gives the
        same bits.
        """
        seeds, given = Seeds(self.seed, self.night), self.parameters
        person = draw_person(given, seeds)
        floor = RestingFloor(given, person, seeds)
        emg = EmgSampler(float(given.emg_rate), given, person, floor, seeds)
        acc = AccSampler(float(given.acc_rate), given, person, seeds) if given.acc_axes else None
        waiting = list(self.events)
        for number in range(ceil(self.duration / BLOCK_SECONDS)):
            stop_s = min(Fraction((number + 1) * BLOCK_SECONDS), self.duration)
            while waiting and waiting[0].onset_s - LEAD_SECONDS < stop_s:
                event = waiting.pop(0)
                rng = seeds.generator(*event.key, DRAWING)
                for part in event.parts(Scene(given, floor.at(event.onset_s), rng)):
                    emg.accept(part)
                    if acc is not None:
                        acc.accept(part)
            start_s = Fraction(number * BLOCK_SECONDS)
            first, last = self._index("emg", start_s), self._index("emg", stop_s)
            yield from self._without_gaps("emg", first, emg.block(number, first, last))
            first, last = self._index("acc", start_s), self._index("acc", stop_s)
            if acc is not None and first < last:
                yield from self._without_gaps("acc", first, acc.block(first, last))

    def _index(self, stream: Stream, time_s: Fraction) -> int:
        """Index of the first sample at or after a time."""
        given = self.parameters
        return ceil(time_s * (given.emg_rate if stream == "emg" else given.acc_rate))

    def _gaps(self, stream: Stream) -> list[tuple[int, int]]:
        """Missing sample indices of one stream: disjoint, in order."""
        found: list[tuple[int, int]] = []
        for event in self.events:
            if isinstance(event, Dropout):
                start = self._index(stream, Fraction(event.onset_s))
                stop = self._index(stream, min(Fraction(event.offset_s), self.duration))
                if found and start <= found[-1][1]:
                    found[-1] = (found[-1][0], max(found[-1][1], stop))
                elif start < stop:
                    found.append((start, stop))
        return found

    def _without_gaps(self, stream: Stream, start: int, values: Array) -> Iterator[Samples | Gap]:
        """Cut a block at the gaps."""
        position, stop = start, start + values.shape[0]
        for gap_start, gap_stop in self._gaps(stream):
            if gap_stop <= position or gap_start >= stop:
                continue
            if gap_start > position:
                piece = values[position - start : gap_start - start]
                yield Samples(stream, position, np.ascontiguousarray(piece))
            if gap_start >= start:
                yield Gap(stream, gap_start, gap_stop, "missing")
            position = gap_stop
        if position < stop:
            yield Samples(stream, position, np.ascontiguousarray(values[position - start :]))
