"""Notifications that come twice, as BlueZ gives them after a lost link that was not ended cleanly.

For sensors whose own counter cannot tell, or tells too late.
"""

from collections import deque

from crampdetect.link import Received

__all__ = ["HeardBefore"]


class HeardBefore:
    """Remembers the last notifications.

    Parameters
    ----------
    most : int
        How many are compared.
    within_ns : int
        What is older is another one with the same bytes, in nanoseconds.
    """

    def __init__(self, most: int, within_ns: int) -> None:
        self._within_ns = within_ns
        self._last: deque[Received] = deque(maxlen=most)

    def push(self, event: Received) -> bool:
        """Whether these bytes were heard on this characteristic just before."""
        for one in self._last:
            same = one.data == event.data and one.endpoint == event.endpoint
            if same and event.monotonic_ns - one.monotonic_ns <= self._within_ns:
                return True
        self._last.append(event)
        return False

    def clear(self) -> None:
        """The link is a new one."""
        self._last.clear()
