"""Where models and the demo night are, in a checkout, an editable install and a wheel alike.

A wheel carries them inside the package (``crampdetect/_data``, see ``force-include`` in
pyproject.toml); a checkout and an editable install have them beside ``src``.
"""

from pathlib import Path

from crampdetect.errors import ModelError, RecordingError

__all__ = ["demo_recording", "demo_truth", "model_names", "model_path"]

_PACKAGE = Path(__file__).resolve().parent
_SUFFIX = ".json"


def model_names() -> tuple[str, ...]:
    """Names of the models that came with this installation, sorted.

    A name holds no dot: ``boosted-3.report.json`` is what was tried for a model, and none.

    Examples
    --------
    >>> isinstance(model_names(), tuple)
    True
    """
    folder = _data_folder("models")
    if folder is None:
        return ()
    names = (path.stem for path in folder.glob("*" + _SUFFIX))
    return tuple(sorted(name for name in names if "." not in name))


def model_path(name: str) -> Path:
    """The file of a model.

    Parameters
    ----------
    name : str
        Name of a model that came with crampdetect (one of `model_names`), or the path of a model
        file, which has a folder or the suffix ``.json`` in it.

    Raises
    ------
    ModelError
        If there is no such model.
    """
    if "/" in name or "\\" in name or name.endswith(_SUFFIX):
        path = Path(name)
        if not path.is_file():
            raise ModelError(f"{name}: there is no such model file")
        return path
    if name not in model_names():
        there = ", ".join(model_names()) or "none"
        raise ModelError(f"there is no model named {name!r}; this installation has: {there}")
    folder = _data_folder("models")
    if folder is None:  # taken away since the line above
        raise ModelError("the models are missing from this installation; install crampdetect again")
    return folder / (name + _SUFFIX)


def demo_recording() -> Path:
    """The simulated demo night (EDF+).

    Raises
    ------
    RecordingError
        If it is missing from this installation.
    """
    return _demo_file("demo-night.edf")


def demo_truth() -> Path:
    """What was put into the demo night (JSON).

    Raises
    ------
    RecordingError
        If it is missing from this installation.
    """
    return _demo_file("demo-night.truth.json")


def _demo_file(name: str) -> Path:
    folder = _data_folder("recordings")
    if folder is None or not (folder / name).is_file():
        raise RecordingError(
            f"{name}: the demo night is missing from this installation; install crampdetect again"
        )
    return folder / name


def _data_folder(name: str) -> Path | None:
    """The folder `name` of the wheel, else of the checkout, else None."""
    inside = _PACKAGE / "_data" / name
    if inside.is_dir():
        return inside
    checkout = _PACKAGE.parents[1]
    # In site-packages the grandparent is no checkout, whatever lies there.
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    return None
