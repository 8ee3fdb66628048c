"""Which picture goes where: one file names its picture, several go into a folder."""

from collections.abc import Sequence
from pathlib import Path

__all__ = ["SUFFIXES", "plot_targets"]

SUFFIXES = (".png", ".pdf", ".svg")


def plot_targets(plot: Path | None, files: Sequence[Path]) -> list[Path | None]:
    """The picture of each of `files`.

    Parameters
    ----------
    plot : Path or None
        A picture for one file, or a folder, which is needed for several; None draws nothing.
    files : sequence of Path

    Returns
    -------
    list of Path or None, one per file
        In a folder, ``night.edf`` becomes ``night.edf.png``; a name that occurs again gets a
        number.

    Raises
    ------
    ValueError
        If `plot` is no picture by its suffix, no folder for several files, or in no folder.

    Examples
    --------
    >>> plot_targets(Path("night.png"), [Path("night.edf")])[0].name
    'night.png'
    """
    if plot is None:
        return [None] * len(files)
    if plot.is_dir():
        return list(_in_folder(plot, files))
    if len(files) > 1:
        raise ValueError(f"{plot} is no folder; expected one for the pictures of several files")
    if plot.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{plot} is no picture; expected {', '.join(SUFFIXES)} or a folder")
    if not plot.parent.is_dir():
        raise ValueError(f"{plot.parent} is no folder; expected one for the picture {plot.name}")
    return [plot]


def _in_folder(folder: Path, files: Sequence[Path]) -> list[Path]:
    targets: list[Path] = []
    taken: set[str] = set()
    for file in files:
        name, number = file.name, 1
        while name.casefold() in taken:  # some file systems know no case
            number += 1
            name = f"{file.name}-{number}"
        taken.add(name.casefold())
        targets.append(folder / f"{name}.png")
    return targets
