"""Which time could be judged: the honest denominator.

Written rules
-------------
- A half-second step is valid when a window over it was judged on at least one channel; movement is
  valid time.
- Gaps count to the sample; what is left of a step that a gap or the end cut, and the second after
  which the filters have settled, is warm-up.
- Time in which something else had been learnt as rest is warm-up.
- Otherwise the mildest cause of any channel and window over the step counts.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from crampdetect.detection.flow import Aligned, Reached
from crampdetect.detection.grid import WINDOW_STEP, bound, last_before
from crampdetect.detection.quality import (
    CLIPPED,
    FLAGS,
    GAP,
    LEAD_OFF,
    MAINS,
    VALID,
    WARM_UP,
)
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Gap, Span

__all__ = ["ValidTime"]

#: For 10 min a step can still be taken back (``RestingLevel`` says when), so it is held as long.
PROBATION_WINDOWS = 1200
#: From mild to grave; the index is the severity that causes are compared by.
SEVERITY = (VALID, WARM_UP, CLIPPED, MAINS, LEAD_OFF, GAP)
_RANK = np.argsort(np.array(SEVERITY)).astype(np.int8)
_FLAG_OF_RANK = tuple(FLAGS[code] for code in SEVERITY)
_GAP_RANK = len(SEVERITY) - 1


class ValidTime(Stage["Aligned | Gap | Reached", Span]):
    """Divide the recording into spans by flag, in EMG sample indices; they leave nothing out.

    Parameters
    ----------
    rate : Fraction
        Of the EMG stream, in Hz.
    n_channels : int
        EMG channels.
    """

    def __init__(self, rate: Fraction, n_channels: int) -> None:
        self._rate = rate
        self._gaps: list[tuple[int, int]] = []
        self._steps = 0
        self._ranks = np.empty((0, n_channels), dtype=np.int8)
        self._last_rank = _GAP_RANK
        self._open: Span | None = None
        self._end = 0

    def push(self, item: Aligned | Gap | Reached) -> list[Span]:
        """Spans that can change no more."""
        if isinstance(item, Reached):
            self._end = max(self._end, item.index)
            return self._advance(self._ranks.shape[0] - PROBATION_WINDOWS)
        if isinstance(item, Gap):
            if item.stop > item.start:
                self._gaps.append((item.start, item.stop))
            return []
        columns = []
        for rested in item.channels:
            codes = rested.windows.quality.copy()
            codes[(codes == VALID) & np.isnan(rested.level)] = WARM_UP
            columns.append(_RANK[codes])
        self._ranks = np.concatenate((self._ranks, np.stack(columns, axis=1)))
        for channel, rested in enumerate(item.channels):
            for offset in np.flatnonzero(rested.taken_back >= 0).tolist():
                since = max(0, int(rested.taken_back[offset]) - self._steps)
                taken = self._ranks[since : item.first + offset + 1 - self._steps, channel]
                np.maximum(taken, _RANK[WARM_UP], out=taken)
        return self._advance(self._ranks.shape[0] - PROBATION_WINDOWS)

    def _advance(self, most: int) -> list[Span]:
        """Cover at most `most` waiting steps, where every gap in them is known by now."""
        count = min(most, last_before(self._end, WINDOW_STEP, self._rate) - self._steps)
        return self._release(count) if count > 0 else []

    def _release(self, count: int) -> list[Span]:
        windows = self._ranks[:count].min(axis=1)
        self._ranks = self._ranks[count:].copy()
        steps = np.minimum(windows, np.concatenate(([self._last_rank], windows[:-1])))
        self._last_rank = int(windows[-1])
        cuts = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), count]
        out: list[Span] = []
        for begin, end in pairwise(cuts):
            start = bound(self._steps + begin, WINDOW_STEP, self._rate)
            stop = bound(self._steps + end, WINDOW_STEP, self._rate)
            out += self._cover(start, stop, int(steps[begin]))
        self._steps += count
        return out

    def flush(self) -> list[Span]:
        """The rest, up to the last sample."""
        waiting = int(self._ranks.shape[0])
        out = self._release(waiting) if waiting else []
        start = bound(self._steps, WINDOW_STEP, self._rate)
        if self._end > start:
            out += self._cover(start, self._end, int(_RANK[WARM_UP]))
        if self._open is not None and self._open.start < self._end:
            # A step that a final gap completes may reach beyond the last sample.
            out.append(replace(self._open, stop=min(self._open.stop, self._end)))
        self._open = None
        return out

    def _cover(self, start: int, stop: int, rank: int) -> list[Span]:
        """Spans from `start` to `stop`, the gaps in it cut out."""
        flag = "warm_up" if rank == _GAP_RANK else _FLAG_OF_RANK[rank]
        out: list[Span] = []
        for first, last in self._gaps:
            if last <= start or first >= stop:
                continue
            out += self._extend(start, max(start, first), flag)
            out += self._extend(max(start, first), min(stop, last), "gap")
            start = min(stop, last)
        out += self._extend(start, stop, flag)
        self._gaps = [gap for gap in self._gaps if gap[1] > stop]
        return out

    def _extend(self, start: int, stop: int, flag: str) -> list[Span]:
        if stop <= start:
            return []
        if self._open is not None and self._open.flag == flag and self._open.stop == start:
            self._open = Span(self._open.start, stop, flag)
            return []
        out = [] if self._open is None else [self._open]
        self._open = Span(start, stop, flag)
        return out
