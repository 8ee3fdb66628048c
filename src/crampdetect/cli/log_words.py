"""What is said of a replay that came to the log: what it did there, and which run counts."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crampdetect.records import RunRecord
    from crampdetect.storage.log_rows import Added

__all__ = ["log_lines"]


def log_lines(added: "Added", run: "RunRecord") -> list[str]:
    """A line about the run, and one about what the log keeps other than it was given now.

    Parameters
    ----------
    added : Added
    run : RunRecord
        Of the replay that was added.

    Examples
    --------
    >>> from crampdetect.records import RunRecord
    >>> from crampdetect.storage.log_rows import Added
    >>> run = RunRecord("0.1.0", "rules-1", "standard-1", "ab")
    >>> log_lines(Added(1, is_new=False, kept=(("muscle", "soleus"),)), run)[1]
    'the log keeps soleus as muscle'
    """
    if not added.is_new:
        line = "was in the log already: nothing added (--again adds a second run)"
    elif added.replaced is not None:
        other = _told(added.replaced, run)
        line = f"added to the log as a new run: it is the current one now, instead of {other}"
    else:
        line = f"added to the log{'' if added.current is None else ' as a new run'}"
    if added.current is not None:
        line += f"; the current run is {_told(added.current, run)}"
    kept = ", ".join(f"{value} as {name}" for name, value in added.kept)
    return [line, f"the log keeps {kept}"] if kept else [line]


def _told(other: "RunRecord", run: "RunRecord") -> str:
    """What tells `other` from `run`."""
    if other == run:
        return "another run of the same detector"
    differing = [
        f"{name} {getattr(other, name)}"
        for name in ("profile", "model", "version")
        if getattr(other, name) != getattr(run, name)
    ]
    return ", ".join(differing) or f"profile {other.profile} with other settings"
