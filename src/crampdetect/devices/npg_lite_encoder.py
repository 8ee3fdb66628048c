"""The sensor's side of NPG Lite and Chords, for emulators and tests: from samples to bytes."""

from crampdetect.detection.types import Array

__all__ = ["NpgLiteEncoder"]


class NpgLiteEncoder:
    """One board; its counter goes on, whatever is sent."""

    def __init__(self) -> None:
        self._counter = 0

    def start(self) -> None:
        """START: the counter begins anew."""
        self._counter = 0

    def skip(self, count: int) -> None:
        """Samples that are taken and never sent."""
        self._counter = (self._counter + count) % 256

    def notification(self, counts: Array) -> bytes:
        """Ten samples; `counts` has shape (10, n_channels) and 12 bits."""
        return b"".join(self._samples(counts))

    def serial(self, counts: Array) -> bytes:
        """Frames of the serial line, one a sample; `counts` has shape (n_samples, n_channels)."""
        return b"".join(b"\xc7\x7c" + one + b"\x01" for one in self._samples(counts))

    def _samples(self, counts: Array) -> list[bytes]:
        out = []
        for row in counts:
            out.append(bytes([self._counter]) + row.astype(">u2").tobytes())
            self.skip(1)
        return out
