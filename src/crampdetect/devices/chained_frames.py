"""Frames out of a stream of bytes that only their length and their content tell apart.

Written rules
-------------
- Where nothing is known, the first frame is believed once `run` frames stand one behind the other;
  then all of them are given, so finding the frames again costs none of them. Where no byte had
  to be skipped, `direct` frames are enough.
- From then on every good frame is believed at once. What does not fit begins the search anew at
  that very byte.
- When the link ends, two frames that stand directly behind the last one are enough.
- A message that stands for itself (an answer to a command) is given wherever it is met, and
  neither makes nor breaks a chain.
- Nothing but the bytes decides; how they were cut does not.
"""

from collections.abc import Callable, Iterator

__all__ = ["MORE", "ChainedFrames"]

#: `measure` says so where more bytes must come before it can tell.
MORE = -1


def _never(frame: bytes) -> bool:
    del frame
    return False


class ChainedFrames:
    """Cuts a stream into frames; see the rules above.

    Parameters
    ----------
    measure : callable
        Length of the frame that begins at a place of the buffer; 0 for none, or `MORE`, which it
        must not say of more bytes than a frame can have.
    follows : callable
        Whether a frame (second) may stand behind another (first) without having to prove itself.
    run : int
        Frames that must stand in a row.
    in_a_row : callable, optional
        What is asked instead of `follows` while searching.
    alone : callable, optional
        Whether a frame is a message that stands for itself.
    direct : int, optional
        What is asked instead of `run` where nothing had to be skipped.
    """

    def __init__(
        self,
        measure: Callable[[bytearray, int], int],
        follows: Callable[[bytes, bytes], bool],
        run: int,
        in_a_row: Callable[[bytes, bytes], bool] | None = None,
        alone: Callable[[bytes], bool] = _never,
        direct: int | None = None,
    ) -> None:
        self._measure, self._follows, self._run = measure, follows, run
        self._in_a_row = follows if in_a_row is None else in_a_row
        self._alone, self._direct = alone, run if direct is None else direct
        self._buffer = bytearray()
        self._last: bytes | None = None
        self._skipping = False
        #: Stretches of bytes that were no frames.
        self.skipped = 0

    @property
    def held(self) -> int:
        """Bytes that wait for more; at most `run` frames and the messages between them."""
        return len(self._buffer)

    def clear(self) -> None:
        """Forget what was begun: the link is a new one."""
        self._buffer.clear()
        self._last = None
        self._skipping = False

    def push(self, data: bytes) -> Iterator[bytes]:
        """The frames that `data` completes, in order.

        What a frame tells may change how those behind it are measured; so they are looked for as
        they are asked for. All of them must be asked for.
        """
        self._buffer += data
        at = 0
        while at < len(self._buffer):
            found = self._next(at)
            if found is None:
                break
            at += sum(map(len, found)) if found else 1
            yield from found
        del self._buffer[:at]

    def finish(self) -> list[bytes]:
        """The link ended: frames, two at least, that stand where the next ones were expected."""
        frames: list[bytes] = []
        at = 0
        while not self._skipping and (frame := self._frame(at)):
            at += len(frame)
            frames.append(frame)
        self.clear()
        return frames if len(frames) > 1 else []

    def _next(self, at: int) -> list[bytes] | None:
        """Frames at `at`; none if this byte is to be skipped, None if more bytes must come."""
        if self._last is not None:
            frame = self._frame(at)
            if frame is None:
                return None
            if frame and self._alone(frame):
                return [frame]
            if frame and self._follows(self._last, frame):
                self._last = frame
                return [frame]
            self._last = None
        found = self._chain(at)
        if found == []:
            self.skipped += not self._skipping
            self._skipping = True
        return found

    def _chain(self, at: int) -> list[bytes] | None:
        chain: list[bytes] = []
        last: bytes | None = None
        count, enough = 0, self._run if self._skipping else self._direct
        while count < enough:
            frame = self._frame(at)
            if frame is None:
                return None
            if not frame:
                return []
            alone = self._alone(frame)
            if not alone and last is not None and not self._in_a_row(last, frame):
                return []
            chain.append(frame)
            at += len(frame)
            if alone and last is None:
                return chain
            if not alone:
                last, count = frame, count + 1
            elif len(chain) > 2 * self._run:
                return []
        self._last, self._skipping = last, False
        return chain

    def _frame(self, at: int) -> bytes | None:
        if at >= len(self._buffer):
            return None
        length = self._measure(self._buffer, at)
        return None if length == MORE else bytes(self._buffer[at : at + length])
