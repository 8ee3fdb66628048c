"""From the channels' verdicts to the leg's episodes.

Written rules (each selected channel is judged alone, overlapping verdicts unite)
---------------------------------------------------------------------------------
- Overlapping cramp-like verdicts become one: the highest probability's kind, reasons and measures
  over the joint extent.
- A look-alike that overlaps a cramp-like one is the same event seen by another channel: dropped.
- Overlapping look-alikes become one in the same way as cramps do.
"""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from crampdetect.detection.flow import Judged, Progress
from crampdetect.detection.grid import BIN_LENGTH, BINS_PER_STEP, bound
from crampdetect.detection.reasons import reasons
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Episode

__all__ = ["Uniting"]


class Uniting(Stage["Judged | Progress", Episode]):
    """Episodes of one leg in order of onset, bounds as sample indices.

    Parameters
    ----------
    n_channels : int
    rate : Fraction
        Of the EMG stream, in Hz.
    """

    def __init__(self, n_channels: int, rate: Fraction) -> None:
        self._rate = rate
        self._horizons = [0] * n_channels
        self._pending: list[Judged] = []

    def push(self, item: Judged | Progress) -> list[Episode]:
        """Episodes that no channel can change any more."""
        if isinstance(item, Judged):
            self._pending.append(item)
            return []
        self._horizons[item.channel] = item.horizon
        return self._settle(min(self._horizons) * BINS_PER_STEP)

    def flush(self) -> list[Episode]:
        """All that is left."""
        return self._settle(None)

    def _settle(self, horizon: int | None) -> list[Episode]:
        if not self._pending:
            return []
        self._pending.sort(key=lambda one: (one.onset_bin, one.offset_bin, one.channel))
        out: list[Episode] = []
        while self._pending:
            group = _first_group(self._pending)
            if horizon is not None and max(one.offset_bin for one in group) > horizon:
                break
            del self._pending[: len(group)]
            out += [self._episode(one) for one in _united(group)]
        return out

    def _episode(self, judged: Judged) -> Episode:
        return replace(
            judged.episode,
            onset=bound(judged.onset_bin, BIN_LENGTH, self._rate),
            offset=bound(judged.offset_bin, BIN_LENGTH, self._rate),
        )


def _first_group(pending: list[Judged]) -> list[Judged]:
    """The verdicts at the head that hang together by overlap (`pending` is sorted by onset)."""
    reach = pending[0].offset_bin
    count = 1
    while count < len(pending) and pending[count].onset_bin < reach:
        reach = max(reach, pending[count].offset_bin)
        count += 1
    return pending[:count]


def _united(group: list[Judged]) -> list[Judged]:
    cramps = _joined(one for one in group if one.episode.kind in ("cramp", "unsure"))
    others = [
        one
        for one in group
        if one.episode.kind not in ("cramp", "unsure")
        and not any(
            one.onset_bin < cramp.offset_bin and cramp.onset_bin < one.offset_bin
            for cramp in cramps
        )
    ]
    return sorted(cramps + _joined(others), key=lambda one: one.onset_bin)


def _joined(verdicts: Iterable[Judged]) -> list[Judged]:
    out: list[Judged] = []
    for one in verdicts:
        if out and one.onset_bin < out[-1].offset_bin:
            out[-1] = _pair(out[-1], one)
        else:
            out.append(one)
    return out


def _pair(one: Judged, other: Judged) -> Judged:
    best = max((one, other), key=lambda item: item.episode.probability)
    onset, offset = min(one.onset_bin, other.onset_bin), max(one.offset_bin, other.offset_bin)
    both = (one.episode.measures, other.episode.measures)
    measures = dict(best.episode.measures)
    measures["duration_s"] = float(f"{(offset - onset) * float(BIN_LENGTH):.6g}")
    if one.channel != other.channel:
        measures["channels_active"] = max(one.get("channels_active", 1.0) for one in both) + 1.0
        ratios = sorted(one.get("level_ratio", 0.0) for one in both)
        if ratios[1] > 0:
            measures["channel_ratio"] = float(f"{ratios[0] / ratios[1]:.6g}")
    episode = replace(
        best.episode,
        measures=measures,
        reasons=reasons(best.episode.kind, measures),
        alerted=one.episode.alerted or other.episode.alerted,
    )
    return Judged(best.channel, onset, offset, episode)
