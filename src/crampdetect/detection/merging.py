"""From candidates to final verdicts of one channel.

Written rules (docs/evidence.md, "Events and merging")
------------------------------------------------------
- Cramp-like verdicts (cramp, unsure) less than 30 s apart are one; look-alikes between them belong
  to it. Two cramps stay a cramp; a doubtful piece can make the whole doubtful.
- A cramp-like verdict is final after 30 s of quiet; look-alikes come out in order behind it.
- One that goes over into activity of its own height (0.6 of it at least) in a leg that lies, with
  pauses of less than 30 s, waits for its end; if it all lasts more than 10 min, it was tonic, and
  so is what lasts longer than that by itself.
- Nothing is merged beyond 20 min.
"""

from dataclasses import replace

from crampdetect.detection.flow import Candidate, Judged, Progress
from crampdetect.detection.grid import BIN_LENGTH, BINS_PER_STEP
from crampdetect.detection.judging import Judge
from crampdetect.detection.reasons import reasons
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Kind, Provisional

__all__ = ["CRAMP_LIKE", "Merging"]

CRAMP_LIKE: tuple[Kind, ...] = ("cramp", "unsure")
#: What must be told of the first piece: how it began.
OF_THE_ONSET = (
    "level_before",
    "active_before",
    "recent_activity",
    "lasting_activity",
    "recent_motion",
    "motion_at_onset_g",
    "still_at_onset_s",
    "still_before_s",
    "upright_at_onset",
    "rise_s",
)
#: In bins of 50 ms: 30 s and 20 min, as the rules above say.
MERGE_BINS = 600
LONGEST_BINS = 24000
#: 10 min: the longest cramp ("seconds to 10 min", Hallegraeff 2017; docs/evidence.md). Tone raised
#: by a cramp stays at twice rest at most (Chaney & Sherman), mostly far below the cramp [A].
TONIC_BINS, SAME_HEIGHT = 12000, 0.6
#: What tonic activity is called in pieces: it is broken by twitches and turns. Who gets up because
#: of a cramp is upright, which ends the chain.
LYING: tuple[Kind, ...] = (
    "tonic", "voluntary_hold", "body_movement", "limb_movement", "rhythmic",
)  # fmt: skip


class Merging(Stage["Candidate | Progress", "Judged | Provisional | Progress"]):
    """Judge candidates, merge what is one, and say how far the channel is settled.

    Parameters
    ----------
    judge : Judge
        Pure: from a Candidate to its verdicts, and again from the measures of merged pieces.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._alerted = False
        self._pending: list[Judged] = []

    def push(self, item: Candidate | Progress) -> list[Judged | Provisional | Progress]:
        """Verdicts that became final, in order of onset, and provisional ones."""
        if isinstance(item, Progress):
            final = self._release(item)
            horizon = item.horizon
            if self._pending:
                horizon = min(horizon, self._pending[0].onset_bin // BINS_PER_STEP)
            return [*final, replace(item, horizon=horizon)]
        verdicts = self._judge(item)
        if not item.ended:
            return [self._look(item, verdicts[-1])] if verdicts else []
        for judged in verdicts:
            alerted = self._alerted and judged.episode.kind in CRAMP_LIKE
            self._add(replace(judged, episode=replace(judged.episode, alerted=alerted)))
        self._alerted = False
        return []

    def flush(self) -> list[Judged | Provisional | Progress]:
        """All verdicts that were still waiting for quiet."""
        out: list[Judged | Provisional | Progress] = []
        while self._pending:
            out.append(self._next())
        return out

    def _look(self, item: Candidate, judged: Judged) -> Provisional:
        if judged.episode.kind == "cramp":
            self._alerted = True
        return Provisional(
            int(item.rows[-1, 0]) + 1,
            judged.onset_bin,
            judged.episode.kind,
            judged.episode.probability,
            judged.episode.channel,
        )

    def _add(self, judged: Judged) -> None:
        if judged.episode.kind in CRAMP_LIKE:
            for position in range(len(self._pending) - 1, -1, -1):
                earlier = self._pending[position]
                if earlier.episode.kind not in CRAMP_LIKE:
                    continue
                near = judged.onset_bin - earlier.offset_bin < MERGE_BINS
                if near and judged.offset_bin - earlier.onset_bin <= LONGEST_BINS:
                    self._pending[position:] = [self._merged(earlier, judged)]
                    return
                break
        self._pending.append(judged)

    def _merged(self, first: Judged, second: Judged) -> Judged:
        """One verdict from two: the longer one's measures, the first one's beginning."""
        longer = max((first, second), key=lambda one: one.offset_bin - one.onset_bin).episode
        both = (first.episode, second.episode)
        seconds = (second.offset_bin - first.onset_bin) * float(BIN_LENGTH)
        began = first.episode.measures
        measures = {
            name: value for name, value in longer.measures.items() if name not in OF_THE_ONSET
        }
        measures |= {name: began[name] for name in OF_THE_ONSET if name in began}
        measures["duration_s"] = float(f"{seconds:.6g}")
        measures["merged_pieces"] = sum(one.measures.get("merged_pieces", 1.0) for one in both)
        kind, probability = self._judge.rejudge(measures)
        least = min(one.probability for one in both)
        if all(one.kind == "cramp" for one in both):
            # Two sure cramps do not become doubtful by being one.
            kind, probability = "cramp", max(probability, least)
        elif kind not in CRAMP_LIKE or longer.kind == "unsure":
            # Pieces that were cramp-like one by one stay so together, if doubtful.
            kind, probability = "unsure", least
        episode = replace(
            longer,
            onset=first.onset_bin,
            offset=second.offset_bin,
            kind=kind,
            probability=probability,
            reasons=reasons(kind, measures),
            measures=measures,
            alerted=any(one.alerted for one in both),
        )
        return Judged(first.channel, first.onset_bin, second.offset_bin, episode)

    def _release(self, progress: Progress) -> list[Judged | Provisional | Progress]:
        out: list[Judged | Provisional | Progress] = []
        while self._pending and self._is_final(self._pending[0], progress):
            out.append(self._next())
        return out

    def _next(self) -> Judged:
        """The first pending verdict; one that went over into long tonic activity is that."""
        judged, stop = self._pending[0], self._goes_on_to()
        self._pending.pop(0)
        if judged.episode.kind not in CRAMP_LIKE or stop - judged.onset_bin <= TONIC_BINS:
            return judged
        seconds = (stop - judged.offset_bin) * float(BIN_LENGTH)
        after = {"tonic_after_s": float(f"{seconds:.6g}")} if seconds > 0.0 else {}
        measures = {**judged.episode.measures, **after}
        told = reasons("tonic", measures)
        episode = replace(
            judged.episode, kind="tonic", probability=0.0, reasons=told, measures=measures
        )
        return replace(judged, episode=episode)

    def _goes_on_to(self) -> int:
        """End of the activity that the first pending verdict goes over into, else its own."""
        first, *rest = self._pending
        stop, level = first.offset_bin, first.episode.measures.get("level_ratio", 0.0)
        for one in rest:
            height = one.episode.measures.get("level_ratio", 0.0)
            near = one.onset_bin - stop < MERGE_BINS
            if one.episode.kind not in LYING or not near or height < SAME_HEIGHT * level:
                break
            stop = one.offset_bin
        return stop

    def _is_final(self, judged: Judged, progress: Progress) -> bool:
        if judged.episode.kind not in CRAMP_LIKE:
            return True
        stop = self._goes_on_to()
        if stop - judged.onset_bin > TONIC_BINS:
            return True
        ready = stop + MERGE_BINS
        if progress.open and progress.horizon * BINS_PER_STEP < ready:
            return False
        return progress.window * BINS_PER_STEP >= ready
