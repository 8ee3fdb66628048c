"""Checks of ``crampdetect doctor``: programs, files of the installation, and the episode log."""

import os
import platform
import shutil
import sys
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from crampdetect.cli.doctor_hardware import bluetooth, serial_ports
from crampdetect.cli.findings import Finding
from crampdetect.errors import CrampdetectError, LogError
from crampdetect.resources import demo_recording, model_names
from crampdetect.version import __version__

__all__ = ["all_findings"]

_NEEDED = ("numpy", "scipy", "sqlalchemy", "alembic", "platformdirs", "tqdm")
#: Package, and what cannot be done without it.
_OPTIONAL = {
    "matplotlib": ("replay --plot", "pip install 'crampdetect[plot]'"),
    "h5py": ("OpenSignals HDF5 files", "pip install 'crampdetect[hdf5]'"),
    "mne": ("to_mne() of the Python API", "pip install 'crampdetect[mne]'"),
}
#: An 8-h night of one channel of 16 bits at 1 kHz and three axes at 100 Hz is 75 MB as EDF; with
#: less free space than this (bytes) a few nights would fill the disk.
_LEAST_FREE = 1_000_000_000


def all_findings(log: str | None) -> list[Finding]:
    """Every check in the order of printing.

    Parameters
    ----------
    log : str or None
        As of ``--log``.
    """
    return [
        Finding("ok", "crampdetect", __version__),
        Finding("ok", "Python", f"{platform.python_version()} on {platform.platform(terse=True)}"),
        *_needed_packages(),
        *_optional_packages(),
        _timezones(),
        _models(),
        _demo(),
        bluetooth(),
        serial_ports(),
        *_log(log),
    ]


def _needed_packages() -> list[Finding]:
    found = []
    for name in _NEEDED:
        try:
            found.append(Finding("ok", name, version(name)))
        except PackageNotFoundError:
            advice = "install crampdetect again"
            found.append(Finding("wrong", name, "is not installed", advice))
    return found


def _optional_packages() -> list[Finding]:
    found = []
    for name, (purpose, advice) in _OPTIONAL.items():
        try:
            found.append(Finding("ok", name, version(name)))
        except PackageNotFoundError:
            text = f"is not installed, which only {purpose} needs"
            found.append(Finding("ok", name, text, advice))
    return found


def _timezones() -> Finding:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return Finding("warning", "time zones", "are not installed", "pip install tzdata")
    return Finding("ok", "time zones", "there")


def _models() -> Finding:
    names = model_names()
    if names:
        return Finding("ok", "models", ", ".join(names))
    return Finding("wrong", "models", "are missing", "install crampdetect again")


def _demo() -> Finding:
    try:
        demo_recording()
    except CrampdetectError as error:
        return Finding("warning", "demo night", str(error))
    return Finding("ok", "demo night", "there (crampdetect replay --demo)")


def _log(given: str | None) -> list[Finding]:
    from crampdetect.storage.log_location import log_location, sqlite_file

    try:
        url = log_location(given)
    except ValueError as error:
        return [Finding("wrong", "episode log", str(error), "give another --log")]
    path = sqlite_file(url)
    if path is None:
        return [_log_server(url)]
    is_default = given is None and url == log_location(None, {})
    # The default path tells nothing; a path of one's own may hold anybody's name.
    private = () if is_default else (str(path), str(path.absolute()), str(path.absolute().parent))
    found = (_log_file(url, path), _space(path))
    return [replace(each, private=private) for each in found]


def _log_server(url: str) -> Finding:
    text, problem = f"a database of the kind {url.partition(':')[0]}", _log_problem(url)
    if problem is None:
        return Finding("ok", "episode log", f"{text}, layout of this version")
    # The sentence names the server and the account.
    return Finding("wrong", "episode log", f"{text}: {problem}", private=(problem,))


def _log_file(url: str, path: Path) -> Finding:
    """Look without creating anything."""
    folder = _existing_folder(path)
    if not os.access(folder, os.W_OK):
        text = f"{path}: its folder cannot be written"
        return Finding("wrong", "episode log", text, "choose another place by --log")
    if not path.exists():
        return Finding("ok", "episode log", f"{path} (will be created by the first replay)")
    mode = path.stat().st_mode & 0o777
    if sys.platform != "win32" and mode & 0o077:
        text = f"{path} can be read by others (mode {mode:04o})"
        return Finding("warning", "episode log", text, f"chmod 600 {path}")
    problem = _log_problem(url)
    if problem is None:
        return Finding("ok", "episode log", f"{path}, layout of this version")
    return Finding("wrong", "episode log", problem)


def _log_problem(url: str) -> str | None:
    from crampdetect.storage.log import open_log

    try:
        with open_log(url):
            return None
    except (LogError, ValueError) as error:
        return str(error)


def _space(path: Path) -> Finding:
    folder = _existing_folder(path)
    free = shutil.disk_usage(folder).free
    text = f"{free / 1e9:.1f} GB at {folder}"
    if free < _LEAST_FREE:
        return Finding("warning", "free space", text, "a night takes about 0.1 GB: make room")
    return Finding("ok", "free space", text)


def _existing_folder(path: Path) -> Path:
    return next(each for each in path.absolute().parents if each.is_dir())
