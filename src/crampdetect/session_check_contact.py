"""What raw half seconds show of the electrodes, at once and without waiting for a filter."""

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.quality import CLIPPED_SHARE, RAILED_SHARE, clipped_share
from crampdetect.detection.types import Array

__all__ = ["CONTACT_CLIPPED", "CONTACT_FLAT", "CONTACT_GOOD", "CONTACT_RAILED", "contact_of"]

CONTACT_GOOD, CONTACT_FLAT, CONTACT_RAILED, CONTACT_CLIPPED = range(4)


def contact_of(
    halves: Array, rails: tuple[float, float] | None, resolution: float | None
) -> NDArray[np.int8]:
    """What each raw half second shows of the electrodes.

    Parameters
    ----------
    halves : Array, shape (n_halves, n_samples)
    rails, resolution
        As for `detection.quality.clipped_share`.

    Examples
    --------
    >>> contact_of(np.zeros((1, 500)), None, None).tolist() == [CONTACT_FLAT]
    True
    """
    share = clipped_share(halves, rails, resolution)
    found = np.full(halves.shape[0], CONTACT_GOOD, dtype=np.int8)
    found[share > CLIPPED_SHARE] = CONTACT_CLIPPED
    found[halves.max(axis=1) == halves.min(axis=1)] = CONTACT_FLAT
    found[share >= RAILED_SHARE] = CONTACT_RAILED
    return found
