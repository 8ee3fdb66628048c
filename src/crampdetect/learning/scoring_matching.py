"""Which verdict found which true cramp: an optimal one-to-one matching. Pure.

The public seizure scorer ``timescoring`` counts any overlap, so that one long verdict may find many
events; a *count* of cramps needs one-to-one. Intersection over union (IoU) of 0.2 is the rule of
open leg-movement scorers (psgscoring, https://github.com/bartromb/psgscoring).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from crampdetect.detection.types import Array

__all__ = ["CRITERIA", "PRIMARY", "Criterion", "Overlaps", "eligible", "match", "overlaps"]

#: Ratios are of rounded times: an IoU that is 0.2 on paper must not fail by its last bit.
_LAST_BIT = 1e-9


@dataclass(frozen=True, slots=True)
class Criterion:
    """When a verdict may count as finding a cramp.

    Parameters
    ----------
    name : str
        Key in documents.
    words : str
    least_iou : float
        Intersection over union of at least this, and more than none.
    onset_within_s : float
        And onsets no further apart than this.
    """

    name: str
    words: str
    least_iou: float = 0.0
    onset_within_s: float = float("inf")


PRIMARY = Criterion("iou_0.2", "IoU at least 0.2", least_iou=0.2)
#: The primary criterion first.
CRITERIA = (
    PRIMARY,
    Criterion("iou_0.5", "IoU at least 0.5", least_iou=0.5),
    Criterion("onset_15s", "onset within 15 s and any overlap", onset_within_s=15.0),
)


@dataclass(frozen=True, slots=True, eq=False)
class Overlaps:
    """How true cramps and verdicts of one night lie to one another.

    Parameters
    ----------
    shared_s : Array, shape (n_true, n_found)
        Seconds in common.
    ratio : Array, shape (n_true, n_found)
        Intersection over union, 0 to 1.
    onset_error_s : Array, shape (n_true, n_found)
        Found minus true onset in seconds.
    """

    shared_s: Array
    ratio: Array
    onset_error_s: Array


def overlaps(true: Array, found: Array) -> Overlaps:
    """Compare every true cramp with every verdict.

    Parameters
    ----------
    true : Array, shape (n_true, 2)
        Onset and offset in seconds.
    found : Array, shape (n_found, 2)

    Examples
    --------
    >>> overlaps(np.array([[0.0, 10.0]]), np.array([[5.0, 15.0], [20.0, 30.0]])).shared_s
    array([[5., 0.]])
    """
    start = np.maximum(true[:, np.newaxis, 0], found[np.newaxis, :, 0])
    stop = np.minimum(true[:, np.newaxis, 1], found[np.newaxis, :, 1])
    shared = np.maximum(stop - start, 0.0)
    lengths = (true[:, 1] - true[:, 0])[:, np.newaxis] + (found[:, 1] - found[:, 0])
    union = lengths - shared
    ratio = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return Overlaps(shared, ratio, found[np.newaxis, :, 0] - true[:, np.newaxis, 0])


def eligible(lie: Overlaps, criterion: Criterion) -> NDArray[np.bool_]:
    """Which pairs fulfil `criterion`: booleans, shape (n_true, n_found).

    Examples
    --------
    >>> lie = overlaps(np.array([[0.0, 10.0]]), np.array([[8.0, 20.0], [5.0, 12.0]]))
    >>> eligible(lie, PRIMARY).tolist()
    [[False, True]]
    """
    return np.asarray(
        (lie.shared_s > 0)
        & (lie.ratio >= criterion.least_iou - _LAST_BIT)
        & (np.abs(lie.onset_error_s) <= criterion.onset_within_s + _LAST_BIT)
    )


def match(lie: Overlaps, criterion: Criterion = PRIMARY) -> tuple[tuple[int, int], ...]:
    """One-to-one pairs: as many as possible, and of these the greatest total IoU.

    Parameters
    ----------
    lie : Overlaps
    criterion : Criterion

    Returns
    -------
    tuple of (int, int)
        Positions of the true cramp and of the verdict, ascending.

    Examples
    --------
    >>> true = np.array([[0.0, 10.0], [50.0, 60.0]])
    >>> match(overlaps(true, np.array([[0.0, 60.0], [1.0, 11.0]])))
    ((0, 1),)
    """
    allowed = eligible(lie, criterion)
    rows, columns = np.flatnonzero(allowed.any(axis=1)), np.flatnonzero(allowed.any(axis=0))
    if not rows.size:
        return ()
    inner = np.ix_(rows, columns)
    # One more pair outweighs any total of ratios, each of which is at most 1.
    worth = np.where(allowed[inner], lie.ratio[inner] + min(rows.size, columns.size) + 1, 0.0)
    pairs = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    found = [(int(rows[row]), int(columns[column])) for row, column in pairs]
    return tuple(sorted(pair for pair in found if allowed[pair]))
