"""Which stretches of real recordings there are, and under which licence.

A manifest is a table of tab-separated columns (``COLUMNS``), a line a stretch; empty means: not
given. Paths are relative to the folder of recordings, which is never part of the project.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Literal, get_args

from crampdetect.errors import RecordingError
from crampdetect.learning.real_tables import rows
from crampdetect.storage.recording import ReadOptions

__all__ = [
    "COLUMNS",
    "FREE_LICENCES",
    "Activity",
    "RealSegment",
    "read_manifest",
]

Activity = Literal["rest", "mains", "walking", "contraction", "hold", "squat", "dead"]
COLUMNS = (
    "path",
    "sha256",
    "licence",
    "source",
    "subject",
    "muscle",
    "activity",
    "channel",
    "start_s",
    "stop_s",
    "rate",
    "unit",
)
#: What may teach a model that others are given (SPDX names); all else is for tests only.
FREE_LICENCES = frozenset({"CC0-1.0", "CC-BY-4.0", "MIT", "BSD-2-Clause", "BSD-3-Clause"})


@dataclass(frozen=True, slots=True)
class RealSegment:
    """A stretch of one channel in which one thing is done.

    Parameters
    ----------
    path : str
        Relative to the folder of recordings, with ``/``.
    sha256 : str
    licence : str
        SPDX name, or ``none``.
    source : str
        Where it is published.
    subject : str
        Whose leg; unique over all sources.
    muscle : str
    activity : str
        One of ``Activity``; ``dead`` is an electrode without contact, ``mains`` one full of hum.
    channel : str
        As the reader names it; of a ``.npz``, array and 1-based column (``EMG_TA:3``).
    start_s, stop_s : float
        In seconds of the file.
    rate : Fraction or None
        In Hz, where the file does not say.
    unit : str or None
    """

    path: str
    sha256: str
    licence: str
    source: str
    subject: str
    muscle: str
    activity: Activity
    channel: str
    start_s: float
    stop_s: float
    rate: Fraction | None = None
    unit: str | None = None

    @property
    def options(self) -> ReadOptions:
        """What the reader has to be told."""
        return ReadOptions(emg=(self.channel,), rate=self.rate, unit=self.unit)


def read_manifest(path: Path, *, testing: bool = False) -> tuple[RealSegment, ...]:
    """The stretches of a manifest, in its order.

    Parameters
    ----------
    path : Path
    testing : bool
        Take files without a free licence: they may be tested on, never learnt from.

    Raises
    ------
    RecordingError
        It cannot be read, or a line is not as it should be; one sentence with its number.
    """
    segments = []
    for number, row in enumerate(rows(path, COLUMNS), 2):
        try:
            segment = _segment(row)
        except ValueError as error:
            raise RecordingError(f"{path.name}, line {number}: {error}") from error
        if segment.licence not in FREE_LICENCES and not testing:
            raise RecordingError(
                f"{path.name}, line {number}: licence {segment.licence!r} of {segment.path}; "
                f"expected one of {', '.join(sorted(FREE_LICENCES))} to learn from"
            )
        segments.append(segment)
    return tuple(segments)


def _segment(row: dict[str, str]) -> RealSegment:
    activity = next((one for one in get_args(Activity) if one == row["activity"]), None)
    if activity is None:
        raise ValueError(
            f"activity {row['activity']!r}; expected one of {', '.join(get_args(Activity))}"
        )
    inside = PurePosixPath(row["path"])
    if inside.is_absolute() or ".." in inside.parts or not inside.parts:
        raise ValueError(f"path {row['path']!r}; expected one below the folder of recordings")
    start_s, stop_s = float(row["start_s"]), float(row["stop_s"])
    if not 0 <= start_s < stop_s < float("inf"):
        raise ValueError(f"from {start_s:g} to {stop_s:g} s; expected a stretch of the file")
    rate = _rate(row["rate"])
    texts = {name: row[name] for name in COLUMNS[:6]}
    missing = [name for name, text in (*texts.items(), ("channel", row["channel"])) if not text]
    if missing:
        raise ValueError(f"no {missing[0]}; expected one")
    unit = row["unit"] or None
    return RealSegment(
        **texts,
        activity=activity,
        channel=row["channel"],
        start_s=start_s,
        stop_s=stop_s,
        rate=rate,
        unit=unit,
    )


#: Characters of a rate such as 34000/27.
LONGEST_RATE = 24


def _rate(text: str) -> Fraction | None:
    try:
        # Short on purpose: Fraction("1e999999999") would compute for ever.
        plain = len(text) <= LONGEST_RATE and "e" not in text.lower()
        rate = (Fraction(text) if plain else Fraction(0)) if text else None
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if rate is not None and rate <= 0:
        raise ValueError(f"rate {text!r}; expected a number of Hz above 0, or none")
    return rate
