"""What was told of faults: each once while it lasts, and not again at every reconnect. Pure."""

__all__ = ["FaultMemory"]

#: Seconds until the same cause may be told again: a radio that fails all night is told of at most
#: twenty times in ten hours, and mostly once [A].
TOLD_AGAIN_S = 1800.0


class FaultMemory:
    """Remembers which faults last and when each was told.

    Parameters
    ----------
    interval_s : float
        Between two tellings of one cause.
    """

    def __init__(self, interval_s: float = TOLD_AGAIN_S) -> None:
        self._interval = interval_s
        self._told_at: dict[str, float] = {}
        self._waiting: dict[str, str] = {}
        #: Text by cause of what lasts.
        self.lasting: dict[str, str] = {}

    def begin(self, cause: str, text: str) -> None:
        """A fault was found; again while it lasts: nothing."""
        if cause not in self.lasting:
            self.lasting[cause] = self._waiting[cause] = text

    def over(self, cause: str) -> bool:
        """The fault is over; whether its beginning was told, and so its end should be."""
        lasted = self.lasting.pop(cause, None) is not None
        return lasted and self._waiting.pop(cause, None) is None

    def due(self, now_s: float) -> list[tuple[str, str]]:
        """Cause and text of what is to be told now.

        Parameters
        ----------
        now_s : float
            Monotonic, in seconds.
        """
        out = []
        for cause in list(self._waiting):
            told = self._told_at.get(cause)
            if told is None or now_s - told >= self._interval:
                self._told_at[cause] = now_s
                out.append((cause, self._waiting.pop(cause)))
        return out
