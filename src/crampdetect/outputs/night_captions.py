"""Words of the night's picture: title, facts, clock axis, and what made it at the foot."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crampdetect.analysis.counts import counts
from crampdetect.outputs.clock_times import Clock, length
from crampdetect.outputs.night_axis import clock_ticks
from crampdetect.outputs.night_text import (
    CLAIM,
    STATUS_WORDS,
    counts_text,
    is_simulated,
    rejected_text,
)
from crampdetect.records import Replay

__all__ = ["draw_clock", "write_foot", "write_head"]


def draw_clock(axes: list[Axes], clock: Clock, duration_s: float) -> None:
    """Ticks at round clock times below the last of `axes`, lines there in all but the first."""
    positions, labels = clock_ticks(clock, duration_s, 12)
    for each in axes[1:]:
        each.set_xticks(positions)
        each.grid(visible=True, axis="x", color="0.85", linewidth=0.6, zorder=0)
        each.set_axisbelow(True)
    axes[-1].set_xticks(positions, labels)
    axes[-1].tick_params(axis="x", labelbottom=True, labelsize=10)
    if clock.start is None:
        name = "hours and minutes since the recording began"
    else:
        name = f"clock time ({clock.zone or 'of the file, zone unknown'})"
    axes[-1].set_xlabel(name, fontsize=9.5)


def write_head(figure: Figure, replay: Replay, clock: Clock, left: float, right: float) -> None:
    """Night and counts; valid time and look-alikes."""
    quality, duration_s = replay.quality, replay.recording.duration_s
    counted = counts(replay.episodes, quality, duration_s)
    share = quality.valid_s / duration_s if duration_s else 0.0
    valid = f"{length(quality.valid_s)} valid of {length(duration_s)} ({100 * share:.0f} %)"
    details = f"{valid}  ·  {STATUS_WORDS[counted.status]}\n{rejected_text(replay)}"
    begin = clock.moment(0)
    night = "Excerpt" if counted.status == "excerpt" else "Night"
    if is_simulated(replay):
        night = f"Simulated {night.lower()}"
    if begin is not None:
        night += f" of {begin.day} {begin:%B %Y}"
    title = f"{night}: {counts_text(counted, quality.valid_s)}"
    _write(figure, (left, right), 0.953, title, 16.0, "bold")
    _write(figure, (left, right), 0.902, details, 10.0)


def write_foot(figure: Figure, replay: Replay, left: float, right: float) -> None:
    """File, channels, detector, and what is not claimed."""
    run, signals = replay.run, replay.recording.signals
    name = Path(replay.recording.path.replace("\\", "/")).name
    used = ", ".join(channel for each in signals for channel in each.channels)
    if not any(each.stream == "acc" for each in signals):
        used += " (no acceleration: motion and posture unknown)"
    text = (
        f"{CLAIM}\n{name}  ·  channels {used}\ncrampdetect {run.version}, "
        f"model {run.model}, profile {run.profile}, configuration {run.config_hash}"
    )
    _write(figure, (left, right), 0.008, text, 8.0)


def _write(
    figure: Figure,
    across: tuple[float, float],
    y: float,
    text: str,
    size: float,
    weight: str = "normal",
) -> None:
    """Lines of text cut at what fits: a letter is about 0.56 of its size wide."""
    left, right = across
    most = int(figure.get_figwidth() * 72 * (right - left) / (0.56 * size))
    lines = [each if len(each) <= most else each[: most - 1] + "…" for each in text.split("\n")]
    # parse_math=False: a dollar sign in a file's name is a dollar sign.
    figure.text(
        left, y, "\n".join(lines), fontsize=size, fontweight=weight, va="bottom", parse_math=False
    )
