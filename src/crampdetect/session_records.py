"""From indices to rows: identity, start, printed times."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from crampdetect.detection.types import Episode, SignalInfo
from crampdetect.errors import RecordingError
from crampdetect.records import EpisodeRecord, RecordingRecord, SignalRecord
from crampdetect.storage.recording import RecordingFile

__all__ = ["Printed", "Wearing", "clock_notes", "episode_record", "recording_record"]

#: Names derived from a file's content live in this namespace (a fixed random UUID).
NAMESPACE = uuid.UUID("5f0d5b0e-8a53-4a6e-9c0e-3d6f0a3b7f11")


@dataclass(frozen=True, slots=True)
class Wearing:
    """Who wore the sensor where; each None where it was not said."""

    participant: str | None = None
    side: str | None = None
    muscle: str | None = None
    electrode_site: str | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """Printed seconds of an index that counts at `rate` Hz.

    `seconds_of` corrects nominal seconds for the sensor's true rate; None: the file's rate is true.
    """

    rate: Fraction
    seconds_of: Callable[[float], float] | None = None

    def seconds(self, index: int) -> float:
        """Since the recording began, rounded to 1 ms."""
        nominal = float(index / self.rate)
        return round(nominal if self.seconds_of is None else self.seconds_of(nominal), 3)


def recording_record(
    recording: RecordingFile,
    signals: tuple[SignalInfo, ...],
    timezone: str | None,
    who: Wearing,
) -> RecordingRecord:
    """The log's row for a recording; its content is hashed here.

    Raises
    ------
    RecordingError
        The file cannot be read.
    ValueError
        `timezone` is not an IANA name.
    """
    content_hash = _content_hash(recording.path)
    start, start_local, zone = _start(recording, timezone)
    return RecordingRecord(
        id=recording.recording_id or str(uuid.uuid5(NAMESPACE, content_hash)),
        content_hash=content_hash,
        path=str(recording.path),
        format=recording.format,
        start=start,
        start_local=start_local,
        timezone=zone,
        duration_s=round(float(recording.duration), 3),
        signals=tuple(_signal_record(info) for info in signals),
        participant=who.participant,
        side=who.side,
        muscle=who.muscle,
        electrode_site=who.electrode_site,
    )


def clock_notes(record: RecordingRecord) -> list[str]:
    """What a change of the clock makes doubtful about a start that has no zone in its file."""
    start = record.start
    if start is None or start.tzinfo is None or record.start_local is None:
        return []
    said, zone = f"{record.start_local:%Y-%m-%d %H:%M:%S}", record.timezone
    other = start.replace(fold=1 - start.fold)
    if start.utcoffset() == other.utcoffset():
        return []
    back = start.astimezone(UTC).astimezone(start.tzinfo)
    if back.replace(tzinfo=None) != start.replace(tzinfo=None):
        return [
            f"the clock in {zone} never showed {said}: it was put forward; taken as {back:%H:%M:%S}"
        ]
    return [f"the clock in {zone} showed {said} twice; the first time is taken"]


def _content_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({error.strerror})") from error


def _start(
    recording: RecordingFile, zone_name: str | None
) -> tuple[datetime | None, datetime | None, str | None]:
    """Aware start, local start and zone name, each None where it is not known."""
    try:
        zone = None if zone_name is None else ZoneInfo(zone_name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(
            f"timezone is {zone_name!r}; expected an IANA name such as Europe/Oslo"
        ) from error
    if recording.start is not None:
        start = recording.start.astimezone(zone or UTC)
        return start, start.replace(tzinfo=None), zone_name or "UTC"
    if recording.start_local is None:
        return None, None, zone_name
    if zone is None:
        return None, recording.start_local, None
    return recording.start_local.replace(tzinfo=zone), recording.start_local, zone_name


def _signal_record(info: SignalInfo) -> SignalRecord:
    rate = info.nominal_sampling_frequency
    notes = []
    if info.stream == "emg":
        if not info.amplitude_known:
            notes.append("amplitude has no known scale")
        if info.comb_filtered:
            notes.append("spectrum is off: the sensor applies a comb filter")
        elif info.capability == "envelope":
            notes.append(f"spectrum is off: {float(rate):g} Hz shows too little of it")
        elif info.capability == "spectral_reduced":
            notes.append(f"spectrum is reduced: {float(rate):g} Hz ends below 450 Hz")
    elif len(info.channels) < 3:
        notes.append("posture is off: fewer than three axes")
    return SignalRecord(
        info.stream,
        info.channels,
        round(float(rate), 6),
        f"{rate.numerator}/{rate.denominator}",
        info.unit,
        info.capability if info.stream == "emg" else "motion",
        tuple(notes),
    )


def episode_record(
    episode: Episode, record: RecordingRecord, config_hash: str, printed: Printed
) -> EpisodeRecord:
    """The log's row for an episode, with printed times."""
    onset_s, offset_s = printed.seconds(episode.onset), printed.seconds(episode.offset)
    onset = None
    if record.start is not None:
        # Through UTC: adding to a local time would ignore a change of the clock in the night.
        moment = record.start.astimezone(UTC) + timedelta(seconds=onset_s)
        onset = moment.astimezone(record.start.tzinfo)
    key = f"{record.id}|{config_hash}|emg|{episode.channel}|{episode.onset}"
    return EpisodeRecord(
        id=hashlib.sha256(key.encode()).hexdigest()[:32],
        kind=episode.kind,
        onset_s=onset_s,
        duration_s=_duration(episode, printed, onset_s, offset_s),
        onset=onset,
        probability=episode.probability,
        reasons=episode.reasons,
        measures=episode.measures,
        channel=episode.channel,
        alerted=episode.alerted,
    )


def _duration(episode: Episode, printed: Printed, onset_s: float, offset_s: float) -> float:
    if printed.seconds_of is not None:
        return round(offset_s - onset_s, 3)
    # Of a file the difference of indices is exact; that of rounded seconds is not.
    return round(float((episode.offset - episode.onset) / printed.rate), 3)
