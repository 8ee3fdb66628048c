"""Who may be learnt from and who is only for tests: nobody is on both sides.

How ``models/real_subjects.tsv`` was made: within a source of many subjects, those in the first half
by the SHA-256 of their names may teach. Sources of one or two subjects were dealt by hand so that
each side has walking, contractions, holds, a rest and dead channels. The table is a file so that a
new recording moves nobody.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from crampdetect.errors import RecordingError
from crampdetect.learning.real_manifest import RealSegment
from crampdetect.learning.real_tables import rows

__all__ = ["Part", "read_split", "segments_of"]

Part = Literal["train", "test"]


def read_split(path: Path) -> dict[str, Part]:
    """Which part each subject belongs to.

    Raises
    ------
    RecordingError
        It cannot be read, names a subject twice or a part that is none.
    """
    split: dict[str, Part] = {}
    for number, row in enumerate(rows(path, ("subject", "part")), 2):
        subject, part = row["subject"], row["part"]
        if part not in ("train", "test") or subject in split:
            raise RecordingError(
                f"{path.name}, line {number}: {subject!r} is {part!r}; expected each subject once, "
                "as train or test"
            )
        split[subject] = "train" if part == "train" else "test"
    return split


def segments_of(
    part: Part, segments: Sequence[RealSegment], split: Mapping[str, Part]
) -> tuple[RealSegment, ...]:
    """The stretches of one part.

    Raises
    ------
    RecordingError
        A subject is in neither part.
    """
    for segment in segments:
        if segment.subject not in split:
            raise RecordingError(
                f"{segment.path}: subject {segment.subject!r} is in neither part of the split"
            )
    return tuple(segment for segment in segments if split[segment.subject] == part)
