"""Recordings of others: every format becomes the same Samples and Gaps."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.storage.readers.content import first_bytes, refuse_unreadable
from crampdetect.storage.readers.unsupported import is_no_table, seems_to_be
from crampdetect.storage.recording import ReadOptions, RecordingFile

__all__ = ["open_recording"]

# Module and its opening function, in the order they are asked: unmistakable content first, ...
_EXACT: tuple[tuple[str, str], ...] = (
    ("edf", "open_edf"),
    ("xdf", "open_xdf"),
    ("wav", "open_wav"),
    ("opensignals_hdf5", "open_opensignals_hdf5"),
    ("opensignals_text", "open_opensignals_text"),
    ("openbci_text", "open_openbci_text"),
    ("shimmer_csv", "open_shimmer_csv"),
    ("delsys_csv", "open_delsys_csv"),
)
# ... then the readers that take a table of numbers.
_LENIENT: tuple[tuple[str, str], ...] = (
    ("brainflow_csv", "open_brainflow_csv"),
    ("plain_csv", "open_plain_csv"),
)
#: What `open_recording` takes, for the sentence of a refusal.
EXPECTED = (
    "EDF, EDF+, BDF, BDF+, OpenSignals (text, HDF5), Shimmer, Delsys, OpenBCI, BrainFlow, XDF, "
    "WAV or CSV"
)

_Opener = Callable[[Path, ReadOptions], RecordingFile]
_DEFAULTS = ReadOptions()


def open_recording(path: Path, options: ReadOptions = _DEFAULTS) -> RecordingFile:
    """Open a recording of any known format.

    The format is recognised by content; the suffix decides only where the content is silent. A
    gzip-compressed text format is read as it is.

    Parameters
    ----------
    path : Path
    options : ReadOptions
        What a person overrides.

    Returns
    -------
    RecordingFile

    Raises
    ------
    RecordingError
        No such file, a directory, an empty file, an unknown or unsupported format, or whatever
        the reader of the format refuses; one sentence that names the file.

    Examples
    --------
    >>> open_recording(Path("nowhere.edf"))
    Traceback (most recent call last):
    ...
    crampdetect.errors.RecordingError: nowhere.edf: there is no such file; expected a recording file
    """
    path = Path(path)
    refuse_unreadable(path)
    head = first_bytes(path)
    opener = _opener(head, path)
    if opener is None:
        seems = seems_to_be(head, path)
        what = f"it seems to be {seems}" if seems else "its content is of no known format"
        raise RecordingError(f"{path}: {what}; expected {EXPECTED}")
    return replace(opener(path, options), options=options)


def _opener(head: bytes, path: Path) -> _Opener | None:
    readers = _EXACT if is_no_table(head, path) else _EXACT + _LENIENT
    for module_name, function in readers:
        # Late: a reader (and what it imports) is loaded only until one recognises the file.
        module = importlib.import_module(f"crampdetect.storage.readers.{module_name}")
        recognises: Callable[[bytes], bool] = module.recognises
        if recognises(head):
            opener: _Opener = getattr(module, function)
            return opener
    return None
