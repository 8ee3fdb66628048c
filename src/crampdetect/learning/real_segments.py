"""The samples of a stretch of a real recording, at the rate that is wanted."""

import zipfile
from fractions import Fraction
from hashlib import file_digest
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from crampdetect.detection.types import Array, Samples
from crampdetect.errors import RecordingError
from crampdetect.learning.real_manifest import RealSegment
from crampdetect.storage.readers import open_recording

__all__ = ["checked_path", "load_segment", "resampled"]

#: Of the files without a rate of their own (DaSilva 2024, 10.1016/j.bspc.2023.105635).
NPZ_RATE = Fraction(2000)
#: Rates such as 34000/27 Hz need long fractions; longer ones than this are no rate of a sensor.
LARGEST_FACTOR = 100_000


def load_segment(segment: RealSegment, folder: Path, rate: Fraction) -> Array:
    """The samples of a stretch, without their mean.

    Parameters
    ----------
    segment : RealSegment
    folder : Path
        Of the recordings.
    rate : Fraction
        In Hz, wanted.

    Returns
    -------
    Array, shape (n_samples,)
        In the unit of the file.

    Raises
    ------
    RecordingError
        The file is missing, another one, unreadable, or ends before the stretch begins or stops.
    """
    path = checked_path(segment, folder)
    values, found = _of_npz(segment, path) if path.suffix == ".npz" else _of_file(segment, path)
    length_s = float(values.shape[0] / found)
    if segment.stop_s > length_s:
        raise RecordingError(
            f"{segment.path}: {length_s:g} s long; expected at least {segment.stop_s:g} s"
        )
    start, stop = (int(second * found) for second in (segment.start_s, segment.stop_s))
    part = values[start:stop]
    if not np.isfinite(part).all():
        raise RecordingError(f"{segment.path}: the stretch has a gap; expected none")
    return resampled(part - part.mean(), found, rate)


def checked_path(segment: RealSegment, folder: Path) -> Path:
    """Where the file of a stretch is, once it is known to be the one of the manifest.

    Raises
    ------
    RecordingError
        There is no such file in `folder`, or it is another one.
    """
    path = folder / segment.path
    try:
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RecordingError(f"{segment.path}: cannot be read in {folder} ({error})") from error
    if found != segment.sha256:
        raise RecordingError(
            f"{segment.path}: its SHA-256 begins {found[:12]}; expected {segment.sha256[:12]}"
        )
    return path


def resampled(values: Array, rate: Fraction, wanted: Fraction) -> Array:
    """The same signal at another rate (polyphase, so nothing folds back).

    Raises
    ------
    ValueError
        The rates have no common multiple worth the name.

    Examples
    --------
    >>> resampled(np.zeros(441), Fraction(44100), Fraction(1000)).shape
    (10,)
    """
    factor = wanted / rate
    if max(factor.numerator, factor.denominator) > LARGEST_FACTOR:
        raise ValueError(f"from {rate} to {wanted} Hz; expected rates with a common multiple")
    if factor == 1:
        return values.copy()
    # Not padded with zeros: a segment that begins in activity would begin with a step.
    return np.asarray(
        resample_poly(values, factor.numerator, factor.denominator, padtype="line"),
        dtype=np.float64,
    )


def _of_file(segment: RealSegment, path: Path) -> tuple[Array, Fraction]:
    recording = open_recording(path, segment.options)
    (info,) = (one for one in recording.signals if one.stream == "emg")
    values = np.full(recording.lengths["emg"], np.nan)
    for item in recording.read():
        if isinstance(item, Samples) and item.stream == "emg":
            values[item.start : item.stop] = item.values[:, 0]
    return values, info.nominal_sampling_frequency


def _of_npz(segment: RealSegment, path: Path) -> tuple[Array, Fraction]:
    """A column of an array; never a pickled object."""
    name, _, column = segment.channel.partition(":")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            values = np.asarray(arrays[name], dtype=np.float64)
        if int(column) < 1:
            raise ValueError("columns count from 1")
        found = values[:, int(column) - 1]
    except (OSError, KeyError, ValueError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise RecordingError(
            f"{segment.path}: has no {segment.channel!r} ({error}); expected array:column"
        ) from error
    return np.ascontiguousarray(found), segment.rate or NPZ_RATE
