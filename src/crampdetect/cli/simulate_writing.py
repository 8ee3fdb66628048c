"""Simulated nights on disk: the recording, and the truth beside it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crampdetect.cli.terminal import progress_bar, say
from crampdetect.detection.types import Gap, Samples
from crampdetect.records import Annotation
from crampdetect.simulation import SimulatedNight
from crampdetect.storage.edf_writer import write_edf
from crampdetect.storage.spool import Spool
from crampdetect.storage.whole_file import whole_file

__all__ = ["Made", "write_night"]

#: Fictional, and plainly so: the first evening of a year.
_FIRST_EVENING = datetime(2026, 1, 1, 22, 30)
#: With a tolerance for steps that were computed from a range.
_STEPS_OF_16_BITS = (1 << 16) - 0.5


@dataclass(frozen=True, slots=True)
class Made:
    """How a night was made: where it goes, and what the truth says of it beside its events."""

    path: Path
    sensor: str
    world: str
    patient: int
    night: int

    @property
    def files(self) -> list[Path]:
        """All that the night may be written to."""
        return [self.path.with_suffix(suffix) for suffix in (".edf", ".bdf", ".truth.json")]


def write_night(night: SimulatedNight, made: Made, day: int) -> None:
    """Write one night, and say so.

    Parameters
    ----------
    night : SimulatedNight
    made : Made
    day : int
        Of the first evening, from 0.
    """
    path = made.path.with_suffix(".bdf" if _is_wide(night) else ".edf")
    # The writer reads twice: once for the range of values, once for the values.
    with (
        progress_bar(path.name, 2 * float(night.duration)) as progress,
        Spool(night.signals, path.parent) as spool,
    ):
        written = write_edf(
            path,
            night.signals,
            _Read(night, spool, progress),
            lengths=night.lengths,
            start_local=_FIRST_EVENING + timedelta(days=day),
            annotations=[Annotation(0.0, 0.0, "Simulated recording, no person")],
        )
    with whole_file(path.with_suffix(".truth.json")) as file:
        file.write(_truth(night, made).encode())
    for each in made.files[:2]:  # what --force replaces may have had the other suffix
        if each != written:
            each.unlink(missing_ok=True)
    say(f"wrote {written} with {len(night.truth.of_kind('cramp'))} cramps")


def _is_wide(night: SimulatedNight) -> bool:
    """Whether a channel has more steps than the 16 bits of EDF."""
    return any(
        rails and step and rails[1] - rails[0] > _STEPS_OF_16_BITS * step
        for info in night.signals
        for rails, step in zip(info.rails, info.resolution, strict=True)
    )


def _truth(night: SimulatedNight, made: Made) -> str:
    """The night's truth, with how it was made before its events."""
    document = json.loads(night.truth.to_json())
    events = document.pop("events")
    document |= {
        "sensor": made.sensor,
        "world": made.world,
        "patient": made.patient,
        "night": made.night,
        "events": events,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


class _Read:
    """Reads of a night that tell how far they are; only the first one generates it."""

    def __init__(
        self, night: SimulatedNight, spool: Spool, progress: Callable[[float], None] | None
    ) -> None:
        self._night, self._spool = night, spool
        self._progress = progress
        self._reads = 0

    def __call__(self) -> Iterator[Samples | Gap]:
        self._reads += 1
        first = self._reads == 1
        before_s = (self._reads - 1) * float(self._night.duration)
        rates = {each.stream: each.nominal_sampling_frequency for each in self._night.signals}
        for item in self._night.read() if first else self._spool.read():
            if first:
                self._spool.add(item)
            yield item
            if self._progress is not None:
                self._progress(before_s + float(item.stop / rates[item.stream]))
