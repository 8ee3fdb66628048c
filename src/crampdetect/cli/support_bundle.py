"""The support bundle: what the doctor found, with nothing of a night and of nobody.

What goes in is listed here by name; nothing is collected by pattern, so that no recording, log or
file name can slip in.
"""

import getpass
import json
import platform
import re
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path

from crampdetect.cli.findings import Finding
from crampdetect.storage.whole_file import whole_file
from crampdetect.version import __version__

__all__ = ["anonymous", "write_bundle"]


def write_bundle(path: Path, findings: list[Finding]) -> None:
    """Write the bundle, whole or not at all, readable by its owner only.

    Parameters
    ----------
    path : Path
        Ends in ``.zip``.
    findings : list of Finding

    Raises
    ------
    ValueError
        If the suffix is another.
    OSError
        If it cannot be written.
    """
    if path.suffix.lower() != ".zip":
        raise ValueError(f"{path} is no .zip; expected a name such as support.zip")
    lines = "".join(f"{finding.public_line}\n" for finding in findings)
    with whole_file(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("doctor.txt", anonymous(lines))
        bundle.writestr("versions.json", anonymous(json.dumps(_versions(), indent=2)))


def anonymous(text: str, home: Path | None = None, user: str | None = None) -> str:
    """`text` with the home folder as ``~`` and the user's name left out.

    Parameters
    ----------
    text : str
    home : Path or None
        By default that of this process.
    user : str or None
        By default that of this process.

    Examples
    --------
    >>> anonymous("/home/eva/x and /media/eva/stick", Path("/home/eva"), "eva")
    '~/x and /media/USER/stick'
    """
    home_text = str(home or Path.home())
    if len(home_text) > 1:  # "/" is the home of some services
        text = text.replace(home_text, "~")
    name = user if user is not None else _user()
    return re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", "USER", text) if name else text


def _user() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # no such user, as in containers
        return ""


def _versions() -> dict[str, object]:
    packages = {each.name: each.version for each in distributions() if each.name}
    return {
        "crampdetect": __version__,
        "python": sys.version,
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "packages": dict(sorted(packages.items(), key=lambda each: each[0].casefold())),
    }
