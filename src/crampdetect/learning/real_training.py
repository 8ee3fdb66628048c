"""Labelled events from real recordings: the training half of a manifest, spliced and harvested."""

from pathlib import Path

from crampdetect.detection.profiles import Profile
from crampdetect.learning.harvest import Harvest, harvest
from crampdetect.learning.real_manifest import read_manifest
from crampdetect.learning.real_split import read_split, segments_of
from crampdetect.learning.splicing import spliced_candidates

__all__ = ["real_harvests"]

#: The split lies beside its manifest.
SPLIT = "real_subjects.tsv"


def real_harvests(manifest: Path, folder: Path, profile: Profile, seed: int) -> list[Harvest]:
    """Labelled events of all who may be learnt from; the others are not even read.

    Parameters
    ----------
    manifest : Path
        Its subjects are split by ``real_subjects.tsv`` beside it.
    folder : Path
        Of the recordings.
    profile : Profile
    seed : int

    Raises
    ------
    RecordingError
        The manifest, the split or a recording is not as it should be.
    """
    listed = read_manifest(manifest)
    split = read_split(manifest.with_name(SPLIT))
    segments = segments_of("train", listed, split)
    # Real people have negative numbers.
    numbers = {name: -1 - place for place, name in enumerate(sorted(split))}
    return [
        harvest(one.signals, one.items, one.truth, profile, numbers[one.subject])
        for one in spliced_candidates(segments, folder, seed)
    ]
