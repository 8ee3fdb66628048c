"""Packets without a checksum: a number that jumps is believed once the next packet goes on from it.

One packet of noise could else move everything behind it; so a jump waits for one packet.
"""

from typing import Generic, TypeVar

__all__ = ["ConfirmedJumps"]

Packet = TypeVar("Packet")


class ConfirmedJumps(Generic[Packet]):
    """Passes packets on, the one after a jump a packet later.

    Parameters
    ----------
    modulus : int
        Of the packets' numbers.
    nearby : int
        A packet goes on from another if it is at most so many numbers ahead.
    """

    def __init__(self, modulus: int, nearby: int) -> None:
        self._modulus, self._nearby = modulus, nearby
        self._last: int | None = None
        self._doubtful: tuple[int, Packet] | None = None
        #: Packets that nothing went on from.
        self.dropped = 0

    def clear(self) -> None:
        """Numbers begin anew."""
        self._last = None
        self._doubtful = None

    def push(self, number: int, packet: Packet) -> list[Packet]:
        """The packets that are believed now, in order."""
        out = list[Packet]()
        if self._doubtful is not None:
            doubtful, before = self._doubtful
            self._doubtful = None
            if self._ahead(number, doubtful) <= self._nearby:
                out.append(before)
                self._last = number
                return [*out, packet]
            self.dropped += 1
        if self._last is not None and self._ahead(number, self._last) == 1:
            self._last = number
            return [packet]
        self._doubtful = (number, packet)
        return []

    def finish(self) -> list[Packet]:
        """No more will come: what waits is taken as it is."""
        left = [] if self._doubtful is None else [self._doubtful[1]]
        self._doubtful = None
        return left

    def _ahead(self, number: int, before: int) -> int:
        """From 1 (the next) to the modulus (the same one)."""
        return (number - before - 1) % self._modulus + 1
