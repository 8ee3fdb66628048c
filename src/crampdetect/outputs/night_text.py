"""One night told to a person in a dozen lines."""

from collections import Counter
from datetime import datetime

from crampdetect.analysis.counts import Counts, counts
from crampdetect.outputs.clock_times import Clock, length
from crampdetect.records import EpisodeRecord, Quality, RecordingRecord, Replay, SignalRecord

__all__ = [
    "CAPABILITIES",
    "CLAIM",
    "LOSSES",
    "STATUS_WORDS",
    "counts_text",
    "is_simulated",
    "lost_text",
    "night_lines",
    "rejected_text",
    "signal_text",
    "span_text",
]

CLAIM = "Phase 0: the detector has been tested on simulated nights only; not a medical device."

#: Why time could not be judged, by the names of `records.Quality` without their ``_s``.
LOSSES = {
    "gap": "no data",
    "lead_off": "electrode off",
    "mains": "mains hum too strong",
    "clipped": "signal at its limit",
    "warm_up": "learning the resting level",
}

#: What the spectrum of an EMG stream can show, by capability.
CAPABILITIES = {
    "spectral": "full spectrum",
    "spectral_reduced": "reduced spectrum, as the rate is below 800 Hz",
    "envelope": "envelope only: spectral features are off",
}

STATUS_WORDS = {
    "ok": "a whole night",
    "partial": "a night in part: the rate is of the valid time only",
    "insufficient": "not enough valid time to say",
    "excerpt": "an excerpt: counts without a rate",
}

#: Look-alikes as one and as many.
_KIND_WORDS = {
    "limb_movement": ("limb movement", "limb movements"),
    "body_movement": ("body movement", "body movements"),
    "upright": ("stretch of standing or walking", "stretches of standing or walking"),
    "voluntary_hold": ("voluntary hold", "voluntary holds"),
    "tonic": ("long tonic activity", "long tonic activities"),
    "rhythmic": ("rhythmic movement", "rhythmic movements"),
    "artefact": ("artefact", "artefacts"),
}


def night_lines(replay: Replay) -> list[str]:
    """The night as lines of text: span, valid time, cramps, look-alikes, status.

    Parameters
    ----------
    replay : Replay

    Returns
    -------
    list of str
        Without line ends; names are as in the file (the terminal makes them harmless).
    """
    clock = Clock.of(replay.recording)
    counted = counts(replay.episodes, replay.quality, replay.recording.duration_s)
    found = [each for each in replay.episodes if each.kind in ("cramp", "unsure")]
    lines = [f"{replay.recording.path} ({replay.recording.format})"]
    lines.append(f"  {span_text(replay.recording)}")
    lines += [f"  {signal_text(each)}" for each in replay.recording.signals]
    lines.append(f"  valid {_valid_text(replay.quality, replay.recording.duration_s)}")
    if is_simulated(replay):
        lines.append("  simulated: no person was recorded")
    lines += [f"  note: {warning}" for warning in replay.warnings]
    lines += ["", f"  {counts_text(counted, replay.quality.valid_s)}"]
    lines += [_episode_line(each, clock) for each in found]
    lines.append(f"  {rejected_text(replay)}")
    lines.append(f"  status: {STATUS_WORDS[counted.status]}")
    return lines


def is_simulated(replay: Replay) -> bool:
    """Whether the file says of itself, in an annotation, that no person was recorded."""
    return any(each.text.casefold().startswith("simulated") for each in replay.annotations)


def span_text(recording: RecordingRecord) -> str:
    """Date and time from start to end, and what clock that is."""
    clock = Clock.of(recording)
    start, stop = clock.moment(0), clock.moment(recording.duration_s)
    if start is None or stop is None:
        return f"{length(recording.duration_s)} recorded, start unknown"
    until = f"{stop:%H:%M}" if stop.date() == start.date() else f"{_date(stop)} {stop:%H:%M}"
    zone = clock.zone or "the file's clock, zone unknown"
    return f"{_date(start)} {start:%H:%M} to {until} ({zone})"


def signal_text(signal: SignalRecord) -> str:
    """One stream in words: channels, rate, and for EMG what its spectrum can show."""
    names = ", ".join(signal.channels)
    text = f"{signal.stream.upper()}: {names}, {signal.sampling_frequency:g} Hz, {signal.unit}"
    if signal.stream == "emg" and not signal.notes:  # notes say what a spectrum does not show
        text += f", {CAPABILITIES.get(signal.capability, signal.capability)}"
    return "; ".join((text, *signal.notes))


def counts_text(counted: Counts, valid_s: float) -> str:
    """``"2 cramps, 1 unsure; 0.28 cramps per valid hour"``, never a zero that was not measured.

    Parameters
    ----------
    counted : Counts
    valid_s : float
        Seconds that could be judged.
    """
    text = f"{counted.cramps or 'no'} cramp{'' if counted.cramps == 1 else 's'}"
    if not counted.cramps and counted.per_valid_hour is None:
        text = f"no cramps in the {length(valid_s)} that could be judged"
        if not valid_s:
            text = "nothing could be judged, so nothing is known of cramps"
    if counted.unsure:
        text += f", {counted.unsure} unsure"
    if counted.per_valid_hour is not None:
        text += f"; {counted.per_valid_hour:.2f} cramps per valid hour"
    return text


def lost_text(quality: Quality) -> str:
    """What made time invalid, the largest first: ``"2 min learning the resting level, ..."``."""
    lost = {words: getattr(quality, f"{cause}_s") for cause, words in LOSSES.items()}
    by_size = sorted(lost.items(), key=lambda each: -each[1])
    return ", ".join(f"{length(seconds)} {words}" for words, seconds in by_size if seconds)


def rejected_text(replay: Replay) -> str:
    """``"rejected look-alikes: 12 limb movements, 1 voluntary hold"``."""
    kinds = Counter(each.kind for each in replay.episodes)
    parts = [
        f"{kinds[kind]} {many if kinds[kind] > 1 else one}"
        for kind, (one, many) in _KIND_WORDS.items()
        if kinds[kind]
    ]
    return "rejected look-alikes: " + (", ".join(parts) or "none")


def _valid_text(quality: Quality, duration_s: float) -> str:
    share = f" ({quality.valid_s / duration_s:.0%})".replace("%", " %") if duration_s else ""
    lost = lost_text(quality)
    text = f"{length(quality.valid_s)} of {length(duration_s)}{share}"
    return f"{text}; lost: {lost}" if lost else text


def _episode_line(episode: EpisodeRecord, clock: Clock) -> str:
    why = "; ".join(episode.reasons)
    return (
        f"    {clock.time(episode.onset_s)}  {episode.kind:<6}  {length(episode.duration_s):>12}"
        f"  p {episode.probability:.2f}  {why}"
    )


def _date(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B %Y}"
