"""Frames of the OpenBCI Cyton out of a stream of bytes.

33 bytes: A0, a number, eight channels of 24 bits, six bytes whose meaning the footer C0-CF tells.
There is no checksum, and A0 and the footer may also lie within data. So after anything that is no
frame, a frame is believed if it begins within 33 bytes of the end of a believed one and has the
next number, or once such a one follows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["CHANNELS", "LENGTH", "NUMBERS", "CytonFrame", "CytonFrames", "frame_bytes"]

HEAD, FOOTERS = 0xA0, range(0xC0, 0xD0)
LENGTH, CHANNELS, NUMBERS = 33, 8, 256
#: Bytes of aux data, and where they begin.
AUX, AUX_BYTES = 26, 6


@dataclass(frozen=True, slots=True)
class CytonFrame:
    """One frame; counts as sent.

    Parameters
    ----------
    number : int
        Modulo 256.
    channels : tuple of int
        Eight.
    aux : bytes
        Six.
    footer : int
    """

    number: int
    channels: tuple[int, ...]
    aux: bytes
    footer: int

    @property
    def acc(self) -> tuple[int, int, int] | None:
        """Counts of the three axes of a frame that holds all; zeros mean nothing new."""
        if self.footer != 0xC0 or not any(self.aux):
            return None
        x, y, z = (int.from_bytes(self.aux[k : k + 2], "big", signed=True) for k in (0, 2, 4))
        return x, y, z

    @property
    def axis(self) -> int | None:
        """Count of the one axis of a frame with board time."""
        if self.footer not in (0xC3, 0xC4):
            return None
        return int.from_bytes(self.aux[:2], "big", signed=True)

    @property
    def board_ms(self) -> int | None:
        """The board's clock, where it is sent (after the command ``<``)."""
        return int.from_bytes(self.aux[2:], "big") if 0xC3 <= self.footer <= 0xC6 else None


def frame_bytes(frame: CytonFrame) -> bytes:
    """The frame as the dongle sends it."""
    channels = b"".join(one.to_bytes(3, "big", signed=True) for one in frame.channels)
    return bytes([HEAD, frame.number % NUMBERS]) + channels + frame.aux + bytes([frame.footer])


def parsed(data: bytes) -> CytonFrame | None:
    """The frame that 33 bytes are; None if they are none."""
    if len(data) != LENGTH or data[0] != HEAD or data[-1] not in FOOTERS:
        return None
    at = (2 + 3 * k for k in range(CHANNELS))
    channels = tuple(int.from_bytes(data[k : k + 3], "big", signed=True) for k in at)
    return CytonFrame(data[1], channels, data[AUX : AUX + AUX_BYTES], data[-1])


class CytonFrames:
    """Finds frames; holds at most 98 bytes."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._locked = False
        self._in_noise = False
        # Of the frame that was believed last: its number, and bytes since its end.
        self._last: int | None = None
        self._since = 0
        #: Stretches of bytes that were no frame.
        self.noise = 0

    @property
    def held(self) -> int:
        """Bytes that wait for more."""
        return len(self._buffer)

    def push(self, data: bytes) -> Iterator[CytonFrame]:
        """The frames that `data` completes. To be used up before the next call."""
        self._buffer += data
        at = 0
        while len(self._buffer) - at >= LENGTH:
            frame = parsed(bytes(self._buffer[at : at + LENGTH]))
            sure = frame is not None and (self._follows(frame) or self._confirmed(at, frame.number))
            if sure is None:
                break
            if frame is None or not sure:
                self._locked = False
                self.noise += not self._in_noise
                self._in_noise = True
                self._since = min(self._since + 1, LENGTH)
                at += 1
                continue
            self._locked, self._in_noise = True, False
            self._last, self._since = frame.number, 0
            yield frame
            at += LENGTH
        del self._buffer[:at]

    def clear(self) -> None:
        """Forget what was begun."""
        self._buffer.clear()
        self._locked, self._last = False, None

    def _follows(self, frame: CytonFrame) -> bool:
        """Whether the frame follows one that was believed."""
        if self._locked or self._last is None or self._since >= LENGTH:
            return self._locked
        return (frame.number - self._last) % NUMBERS == 1

    def _confirmed(self, at: int, number: int) -> bool | None:
        """Whether the next frame follows the one at `at`; None while that is not known."""
        for start in range(at + LENGTH, at + 2 * LENGTH):
            window = bytes(self._buffer[start : start + LENGTH])
            if len(window) < LENGTH:
                return None
            follower = parsed(window)
            if follower is not None and (follower.number - number) % NUMBERS == 1:
                return True
        return False
