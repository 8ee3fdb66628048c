"""The log for commands that only read: none is made where none is."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crampdetect.storage.log_access import EpisodeLog

__all__ = ["existing_log", "require_log"]


def existing_log(url: str | None) -> "EpisodeLog":
    """Open a log that is there; a mistyped name must not become an empty log.

    Raises
    ------
    ValueError
        If there is no such file, or `url` is none.
    LogError
        If it cannot be read.
    """
    from crampdetect.storage.log import open_log

    require_log(url)
    return open_log(url)


def require_log(url: str | None) -> None:
    """Refuse the name of a log file that is not there.

    Raises
    ------
    ValueError
        If there is no such file, or `url` is none.
    """
    from crampdetect.storage.log_location import log_location, sqlite_file

    path = sqlite_file(log_location(url))
    if path is not None and not path.exists():
        raise ValueError(f"{path}: there is no episode log yet; `crampdetect replay` makes one")
