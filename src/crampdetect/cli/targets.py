"""Files that a command is told to write: none is replaced unasked, and the log never."""

from collections.abc import Iterable
from pathlib import Path

__all__ = ["refuse_existing", "refuse_log"]

#: What SQLite keeps beside a database (https://www.sqlite.org/tempfiles.html).
_BESIDE_A_LOG = ("-wal", "-shm", "-journal")


def refuse_existing(targets: Iterable[Path], *, force: bool) -> None:
    """Refuse to write over a file unless `force`, and over a folder always.

    Raises
    ------
    ValueError
        If one of `targets` exists.
    """
    for target in targets:
        if target.is_dir():
            raise ValueError(f"{target} is a folder; expected the name of a file")
        if not force and target.exists():
            raise ValueError(f"{target} exists; expected a new name, or --force to replace it")


def refuse_log(target: Path, url: str | None) -> None:
    """Refuse to write over the episode log or what its database keeps beside it.

    Parameters
    ----------
    target : Path
    url : str or None
        As of ``--log``.

    Raises
    ------
    ValueError
        If `target` is one of these, under whatever name.
    """
    from crampdetect.storage.log_location import log_location, sqlite_file

    log = sqlite_file(log_location(url))
    if log is None:
        return
    for file in (log, *(log.with_name(log.name + more) for more in _BESIDE_A_LOG)):
        # By name too: the database makes these files whenever it needs them.
        is_same = target.exists() and file.exists() and target.samefile(file)
        if is_same or target.resolve() == file.resolve():
            raise ValueError(f"{target} belongs to the episode log; expected another name for OUT")
