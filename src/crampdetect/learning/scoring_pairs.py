"""Which result belongs to which truth, and the nights that they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.learning.scoring_night import Night
from crampdetect.learning.scoring_result_files import ResultFile, result_files
from crampdetect.learning.scoring_truth_files import TruthFile, truth_files

__all__ = ["PairedNight", "read_nights"]

#: Truth and result of one night may differ in length by this (s): files end in whole records.
_SAME_LENGTH_S = 10


@dataclass(frozen=True, slots=True)
class PairedNight:
    """A night to be scored, and what only its files know.

    Parameters
    ----------
    night : Night
    start : datetime or None
        Wall clock at the start.
    detector : str
        Program version, model and profile.
    """

    night: Night
    start: datetime | None
    detector: str


def read_nights(truth: Path, results: Path) -> list[PairedNight]:
    """Read truth and results and pair them by name.

    ``night-0007.truth.json`` belongs to the result of a recording ``night-0007.edf``, or to
    ``night-0007.json`` if that names no recording; one truth file and one result file belong
    together whatever their names.

    Parameters
    ----------
    truth, results : Path
        Files or folders.

    Raises
    ------
    RecordingError
        If one has no partner or several, is damaged, or the two are of different lengths.

    Examples
    --------
    >>> from crampdetect.resources import demo_recording
    >>> truth = demo_recording().with_suffix(".truth.json")
    >>> read_nights(truth, truth)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    crampdetect.errors.RecordingError: it is no document of `crampdetect replay --json`
    """
    truths, found = truth_files(truth), result_files(results)
    if len(truths) == len(found) == 1 and not truth.is_dir() and not results.is_dir():
        return [_night(truths[0], found[0])]
    _refuse_lonely(truths, found)
    return [_night(each, _partner(each, found)) for each in truths]


def _partner(truth: TruthFile, results: Sequence[ResultFile]) -> ResultFile:
    partners = [each for each in results if truth.name == each.name]
    if len(partners) > 1:
        raise RecordingError(
            f"{truth.path}: {len(partners)} results are of this night "
            f"({', '.join(each.where for each in partners[:3])}); expected one"
        )
    return partners[0]


def _refuse_lonely(truths: Sequence[TruthFile], results: Sequence[ResultFile]) -> None:
    known = {each.name for each in results}
    others = {each.file_name: f" ({each.where} is of {each.name})" for each in results}
    lonely = [f"{name}{others.get(name, '')}" for name in _names(truths) if name not in known]
    if lonely:
        raise RecordingError(
            f"no result is of {_listed(lonely)}; expected a result for each truth, named like it"
        )
    names = set(_names(truths))
    without = [each.where for each in results if each.name not in names]
    if without:
        raise RecordingError(
            f"no truth is of {_listed(without)}; expected a truth for each result, named like it"
        )


def _names(truths: Sequence[TruthFile]) -> list[str]:
    return [each.name for each in truths]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _night(truth: TruthFile, result: ResultFile) -> PairedNight:
    if truth.duration_s is not None:
        apart_s = abs(truth.duration_s - result.duration_s)
        if apart_s > _SAME_LENGTH_S:
            raise RecordingError(
                f"{truth.path}: its night lasts {truth.duration_s:g} s and that of {result.where} "
                f"{result.duration_s:g} s; expected truth and result of the same recording"
            )
    try:
        night = Night(
            truth.name,
            truth.events,
            result.found,
            result.valid_s,
            result.duration_s,
            result.status,
            truth.patient,
            truth.simulated,
        )
    except ValueError as error:
        raise RecordingError(f"{result.where}: {error}") from error
    return PairedNight(night, result.start, result.detector)
