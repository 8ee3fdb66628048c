"""When the night is taken: most events exclude one another."""

from bisect import bisect_left, insort

import numpy as np

__all__ = ["Agenda"]

#: Random places tried before an event is given up (a night is rarely more than 10 % full).
TRIES = 30


class Agenda:
    """Busy stretches of one night.

    Parameters
    ----------
    duration_s : float
        Of the night, in seconds.

    Examples
    --------
    >>> agenda = Agenda(100.0)
    >>> agenda.add(10.0, 20.0)
    >>> agenda.free(15.0, 30.0), agenda.free(20.0, 30.0), agenda.free(90.0, 101.0)
    (False, True, False)
    """

    def __init__(self, duration_s: float) -> None:
        self._duration_s = duration_s
        self._busy: list[tuple[float, float]] = []

    def free(self, start_s: float, stop_s: float) -> bool:
        """Whether nothing else happens then, within the night."""
        if start_s < 0 or stop_s > self._duration_s:
            return False
        after = bisect_left(self._busy, (start_s, start_s))
        if after < len(self._busy) and self._busy[after][0] < stop_s:
            return False
        # entries may overlap, so all that begin earlier have to be asked
        return all(stop <= start_s for _, stop in self._busy[:after])

    def add(self, start_s: float, stop_s: float) -> None:
        """Take a stretch, free or not."""
        insort(self._busy, (start_s, stop_s))

    def place(
        self,
        rng: np.random.Generator,
        length_s: float,
        *,
        margin_s: float = 3.0,
        within: tuple[float, float] = (0.0, 1.0),
        take: bool = True,
    ) -> float | None:
        """Find a random free onset.

        Parameters
        ----------
        rng : numpy.random.Generator
        length_s, margin_s : float
            Of the event, and to keep free on both sides, in seconds.
        within : tuple of float
            Shares of the night between which the onset may fall.
        take : bool
            Whether the stretch is busy afterwards.

        Returns
        -------
        float or None
            Onset in seconds; None where nothing free was found.
        """
        low, high = (share * self._duration_s for share in within)
        for _ in range(TRIES):
            onset = float(rng.uniform(low, high))
            if self.free(onset - margin_s, onset + length_s + margin_s):
                if take:
                    self.add(onset, onset + length_s)
                return onset
        return None
