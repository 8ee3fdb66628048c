"""Columns of counts in an HDF5 file, within bounds; needs h5py (extra ``hdf5``)."""

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.errors import RecordingError

__all__ = ["Hdf5Grid", "count_rows", "is_own", "opened_hdf5"]

_ROWS = 1 << 16
#: A chunk that decompresses to more than this is no recording (OpenSignals writes some kB).
_MAX_CHUNK_BYTES = 1 << 26
#: Stored counts shrink at most some hundred times; a file that claims more rows is hostile.
_MAX_ROWS_PER_BYTE = 1000


@dataclass(frozen=True, slots=True)
class Hdf5Grid:
    """Datasets of an HDF5 file as columns.

    Parameters
    ----------
    path : Path
    datasets : tuple of str
    n_rows : int
    """

    path: Path
    datasets: tuple[str, ...]
    n_rows: int

    def rows(self, columns: Sequence[int]) -> Iterator[Array]:
        """Yield blocks, shape (n_rows, n_columns)."""
        with opened_hdf5(self.path) as file:
            data = [file[self.datasets[column]] for column in columns]
            for start in range(0, self.n_rows, _ROWS):
                stop = min(start + _ROWS, self.n_rows)
                yield np.column_stack(
                    [np.asarray(one[start:stop], dtype=np.float64).reshape(-1) for one in data]
                )

    def count(self) -> int:
        """Number of rows."""
        return self.n_rows

    def place(self, row: int) -> str:
        """The number of a sample, for a sentence."""
        return f"sample {row + 1}"


def is_own(group: Any, name: str) -> bool:  # noqa: ANN401 - h5py has no types
    """Whether a name is stored in this very file (a link may point to any file of the disk)."""
    h5py = importlib.import_module("h5py")
    return isinstance(group.get(name, getlink=True), h5py.HardLink)


def count_rows(file: Any, data: Any) -> int:  # noqa: ANN401 - h5py has no types
    """Number of rows of a dataset of counts, after a look at what reading it would cost.

    Raises
    ------
    ValueError
        It is no plain column of numbers, or an impossibly large one.
    """
    size = Path(file.filename).stat().st_size
    chunk = int(np.prod(data.chunks or (1,), dtype=np.float64)) * data.dtype.itemsize
    if (
        data.dtype.kind not in "iuf"
        or data.is_virtual
        or data.external
        or data.ndim not in (1, 2)
        or data.size != data.shape[0]
        or data.size > _MAX_ROWS_PER_BYTE * size
        or chunk > _MAX_CHUNK_BYTES
    ):
        raise ValueError(f"dataset {data.name} is no plain column of counts")
    return int(data.shape[0])


@contextmanager
def opened_hdf5(path: Path) -> Iterator[Any]:
    """Open an HDF5 file; every failure of h5py becomes one sentence.

    Raises
    ------
    RecordingError
        h5py is not installed, or the file is damaged.
    """
    try:
        h5py = importlib.import_module("h5py")
    except ImportError as error:
        raise RecordingError(
            f"{path}: HDF5 files need h5py; expected it installed: pip install crampdetect[hdf5]"
        ) from error
    try:
        with h5py.File(path, "r") as file:
            yield file
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise RecordingError(
            f"{path}: the HDF5 file is damaged or not from OpenSignals ({error}); "
            "expected an OpenSignals recording"
        ) from error
