"""A recording put aside as converter codes in a file that vanishes, to be read again cheaply."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from crampdetect.detection.types import Gap, Samples, SignalInfo, Stream

__all__ = ["Spool"]


class Spool:
    """Samples and gaps kept outside memory: 4 bytes a value, in one file without a name.

    For values that are whole steps of a stated resolution, as a simulated night's are; those come
    back with the same bits.

    Parameters
    ----------
    signals : sequence of SignalInfo
        With the resolution of every channel.
    folder : Path
        On a disk with space: 8 h of one channel at 1 kHz take 115 MB.

    Examples
    --------
    >>> from fractions import Fraction
    >>> emg = SignalInfo("emg", ("EMG",), Fraction(1000), "uV", resolution=(0.5,))
    >>> with Spool([emg], Path(tempfile.gettempdir())) as spool:
    ...     spool.add(Samples("emg", 0, np.array([[1.5], [-2.0]])))
    ...     [item.values.tolist() for item in spool.read()]
    [[[1.5], [-2.0]]]
    """

    def __init__(self, signals: Sequence[SignalInfo], folder: Path) -> None:
        self._steps: dict[Stream, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
        for info in signals:
            known = [step for step in info.resolution if step]
            if len(known) != len(info.channels):
                raise ValueError(
                    f"the {info.stream} resolution is {info.resolution}, "
                    f"expected one for each of {info.channels}"
                )
            self._steps[info.stream] = np.array(known)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by __exit__
        self._items: list[tuple[Stream, int, int] | Gap] = []

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, item: Samples | Gap) -> None:
        """Put one item behind the others."""
        if isinstance(item, Gap):
            self._items.append(item)
            return
        codes = np.rint(item.values / self._steps[item.stream]).astype(np.int32)
        self._file.write(codes.tobytes())
        self._items.append((item.stream, item.start, item.values.shape[0]))

    def read(self) -> Iterator[Samples | Gap]:
        """All items, in the order in which they were added."""
        self._file.seek(0)
        for item in self._items:
            if isinstance(item, Gap):
                yield item
                continue
            stream, start, n_samples = item
            steps = self._steps[stream]
            data = self._file.read(4 * n_samples * steps.size)
            codes = np.frombuffer(data, np.int32).reshape(n_samples, steps.size)
            yield Samples(stream, start, codes * steps)
