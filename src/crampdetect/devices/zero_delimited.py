"""Frames that a zero ends, out of a stream of bytes (COBS framing)."""

__all__ = ["ZeroDelimited"]


class ZeroDelimited:
    """Cuts a stream at its zeros.

    Parameters
    ----------
    longest : int
        A stretch of more bytes without a zero is noise, and left out up to the next zero.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._begun = bytearray()
        self._skipping = False
        #: Stretches that were left out.
        self.too_long = 0

    @property
    def held(self) -> int:
        """Bytes that wait for their zero."""
        return len(self._begun)

    def push(self, data: bytes) -> list[bytes]:
        """The frames that `data` ends; empty ones are left out."""
        *ended, rest = data.split(b"\x00")
        frames = []
        for part in ended:
            self._add(part)
            if self._begun:
                frames.append(bytes(self._begun))
            self.clear()
        self._add(rest)
        return frames

    def clear(self) -> None:
        """Forget what was begun."""
        self._begun.clear()
        self._skipping = False

    def _add(self, part: bytes) -> None:
        if self._skipping:
            return
        if len(self._begun) + len(part) > self._longest:
            self.too_long += 1
            self._skipping = True
            self._begun.clear()
            return
        self._begun += part
