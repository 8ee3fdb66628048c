"""Packet and sequence numbers: whether a column counts, and where it begins again."""

from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.storage.readers.losses import CounterLoss, Loss, NoLoss, StampLoss

__all__ = ["counts_at", "learn_modulus", "packet_loss"]


def packet_loss(
    counts: Array,
    rate: Fraction,
    *,
    counter: int,
    modulus: int | None,
    stamp: int | None,
    stamp_unit: float,
) -> Loss:
    """Rule for lost samples: the packet number where it counts, else the times of arrival.

    Parameters
    ----------
    counts : Array, shape (n_rows,)
        The first packet numbers.
    rate : Fraction
        In Hz.
    counter : int
        Column of the packet number.
    modulus : int or None
        Where the board's is known (Cyton: 256); else it is learnt from `counts` (Ganglion).
    stamp : int or None
        Column of the arrival times.
    stamp_unit : float
        Seconds per unit of it.

    Returns
    -------
    Loss

    Examples
    --------
    >>> counts = np.arange(300.0) % 256
    >>> rule = packet_loss(
    ...     counts, Fraction(250), counter=0, modulus=256, stamp=None, stamp_unit=1.0
    ... )
    >>> rule.modulus, rule.repeat
    (256, 1)
    """
    turn = (modulus, 1) if modulus is not None and counts_at(counts) else learn_modulus(counts)
    if turn is not None:
        return CounterLoss(counter, turn[0], turn[1], stamp, rate, stamp_unit)
    if stamp is not None:
        return StampLoss(stamp, rate, stamp_unit, estimated=True)
    return NoLoss()


def counts_at(values: Array) -> bool:
    """Whether a column looks like a counter: whole numbers that advance.

    Examples
    --------
    >>> counts_at(np.array([3.0, 4.0, 5.0])), counts_at(np.array([0.0, 0.01, 0.02]))
    (True, False)
    """
    known = values[np.isfinite(values)]
    return bool(known.size > 1 and np.all(known == np.rint(known)) and np.any(np.diff(known) > 0))


def learn_modulus(counts: Array) -> tuple[int, int] | None:
    """Modulus and repeat of a counter that is seen to turn (OpenBCI Ganglion: 100 or 200, twice).

    Parameters
    ----------
    counts : Array, shape (n_rows,)
        The first rows of the counter.

    Returns
    -------
    tuple of int or None
        None where it does not turn or mostly takes other steps than 0 and 1.

    Examples
    --------
    >>> learn_modulus(np.repeat(np.tile(np.arange(101.0, 201.0), 3), 2))
    (100, 2)
    """
    if not counts_at(counts):
        return None
    known = counts[np.isfinite(counts)]
    steps = np.diff(known)
    if not np.any(steps < 0) or np.mean((steps == 1) | (steps == 0)) < 0.9:
        return None
    repeat = 2 if np.mean(steps == 0) > 0.3 else 1
    return int(known.max() - known.min()) + 1, repeat
