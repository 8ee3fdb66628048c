"""Formats that are known but not read, so that a refusal can say what the file seems to be."""

from pathlib import Path

__all__ = ["is_no_table", "seems_to_be"]

# First bytes of formats, most telling first.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"MD\xfc\x03", "an Axivity AX3/AX6 recording (.cwa)"),
    (b"\x93NUMPY", "a numpy array (.npy)"),
    (b"MATLAB", "a MATLAB file (.mat)"),
    (b"\x89MCAP0\r\n", "an MCAP capture, which a later version will read"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file that is not from OpenSignals"),
    (b"\xfd7zXZ", "an xz-compressed file"),
    (b"BZh", "a bzip2-compressed file"),
    (b"\x28\xb5\x2f\xfd", "a zstd-compressed file"),
    (b"PAR1", "a Parquet table"),
    (b"RDX", "an R data file"),
    (b"RIFF", "a RIFF file that is not WAVE"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PathFileType", "a motion-capture text (.trc)"),
    (b"Device Identity:", "a GENEActiv recording (.bin)"),
)
# Where the content is silent: what the suffix claims.
_SUFFIXES = {
    ".hea": "the header of a WFDB record (.hea)",
    ".dat": "raw numbers without a header, perhaps the signals of a WFDB record (.dat)",
    ".atr": "the annotations of a WFDB record (.atr)",
    ".cwa": "an Axivity AX3/AX6 recording (.cwa)",
    ".npz": "a numpy archive (.npz)",
    ".npy": "a numpy array (.npy)",
    ".mat": "a MATLAB file (.mat)",
    ".c3d": "a motion-capture file (C3D)",
    ".gt3x": "an ActiGraph recording (.gt3x)",
    ".mcap": "an MCAP capture, which a later version will read",
    ".edf": "named as EDF, but it does not begin like an EDF header",
    ".bdf": "named as BDF, but it does not begin like a BDF header",
    ".xdf": "named as XDF, but it does not begin like an XDF file",
    ".wav": "named as WAV, but it does not begin like a WAV file",
    ".h5": "named as HDF5, but it does not begin like an HDF5 file",
    ".hdf5": "named as HDF5, but it does not begin like an HDF5 file",
}
#: The second byte of every C3D file; the first points to its parameters.
_C3D_KEY = 0x50


def seems_to_be(head: bytes, path: Path) -> str | None:
    """Name the format of a file that no reader takes.

    Parameters
    ----------
    head : bytes
        Its first bytes, decompressed.
    path : Path
        Its suffix is asked only where the content is silent.

    Returns
    -------
    str or None
        For example ``"a numpy archive (.npz)"``; None for an unknown content.

    Examples
    --------
    >>> seems_to_be(b"\\x93NUMPY\\x01", Path("a.bin"))
    'a numpy array (.npy)'
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.startswith(b"PK\x03\x04"):
        return "a numpy archive (.npz)" if b".npy" in head[:128] else "a zip archive"
    suffix = path.suffix.lower()
    if suffix == ".c3d" or (len(head) >= 512 and head[1] == _C3D_KEY and b"\0" in head[:64]):
        return "a motion-capture file (C3D)"
    return _SUFFIXES.get(suffix)


def is_no_table(head: bytes, path: Path) -> bool:
    """Whether the lenient readers (any table of numbers) should not be asked at all.

    Parameters
    ----------
    head : bytes
        Its first bytes, decompressed.
    path : Path
        A damaged EDF header or a WFDB header is text too: here the suffix breaks the tie.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_no_table(b"100 2 360 650000\\n100.dat 212 200", Path("100.hea"))
    True
    >>> is_no_table(b"time_s,EMG [mV]\\n0,0.01", Path("night.csv"))
    False
    """
    known = head.startswith(tuple(magic for magic, _ in _MAGIC))
    return known or (path.suffix.lower() in _SUFFIXES and path.suffix.lower() != ".dat")
