"""Gives a capture that was cut off its end, so that its night is finished once."""

from pathlib import Path

from crampdetect.storage import capture_records as records
from crampdetect.storage.capture_file import CaptureFile
from crampdetect.storage.capture_reader import read_capture
from crampdetect.storage.capture_writer import said

__all__ = ["end_unfinished"]


def end_unfinished(path: Path, reason: str = "recovered") -> bool:
    """End a capture that has no end; the events in it stay as they are.

    A chunk that was written in part (it can be read by nobody) makes room for the end; more than
    the largest chunk is never taken away.

    Parameters
    ----------
    path : Path
    reason : str
        A short word that stands as the reason of the end.

    Returns
    -------
    bool
        False if it had an end before.

    Raises
    ------
    RecordingError
        It is no capture, is being recorded, or cannot be written.
    """
    capture = read_capture(path)
    if capture.end is not None:
        return False
    whole = capture.tail.offset
    is_part = capture.stop - whole <= records.MOST_CHUNK_BYTES
    file = CaptureFile(path, end=whole if is_part else capture.stop)
    try:
        chunk = records.ChunkBuilder(capture.tail.sequence)
        chunk.add(records.END, capture.tail.time_ns, said(reason=reason))
        file.append(chunk.take() + records.closing_bytes())
        file.sync()
        file.sync_name()
    finally:
        file.close()
    return True
