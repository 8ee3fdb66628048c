"""Which channels of a file are used: what a person asked for, else a guess by name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from crampdetect.detection.types import LOWEST_EMG_RATE
from crampdetect.errors import RecordingError
from crampdetect.storage.accelerometers import guess_accelerometer
from crampdetect.storage.channel_names import EmgClass, Meaning, meaning
from crampdetect.storage.recording import ReadOptions

__all__ = ["Choice", "choose_channels"]

#: A sentence lists at most this many channels: enough for every sensor, short enough to read.
LISTED_CHANNELS = 40
AXES = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Positions of the chosen channels in the file, and what a person should know about it.

    Parameters
    ----------
    emg : tuple of int
        At least one; all with the same rate of at least 200 Hz.
    acc : tuple of int
        None to three, in the order X, Y, Z where the names say so; all with the same rate.
    warnings : tuple of str
        One sentence each.
    """

    emg: tuple[int, ...]
    acc: tuple[int, ...]
    warnings: tuple[str, ...]


def choose_channels(
    names: Sequence[str], rates: Sequence[Fraction], options: ReadOptions, path: Path
) -> Choice:
    """Choose the EMG and acceleration channels of a file.

    Parameters
    ----------
    names : sequence of str
        Every channel of the file, in its order.
    rates : sequence of Fraction
        In Hz, one for each name.
    options : ReadOptions
        ``emg`` and ``acc`` override the guess: an exact name, else one that differs in case only,
        else a 1-based number (``"3"``, or ``"#3"`` where a channel is called 3), else a part of
        exactly one name.
    path : Path
        For the sentence of an error.

    Returns
    -------
    Choice

    Raises
    ------
    RecordingError
        No EMG channel, an unknown or ambiguous one, unequal rates, or a rate below 200 Hz.

    Examples
    --------
    >>> names = ["EEG Cz", "EMG Chin", "EMG Leg L", "ACC X", "ACC Y", "ACC Z"]
    >>> rates = [Fraction(256)] * 3 + [Fraction(32)] * 3
    >>> choose_channels(names, rates, ReadOptions(), Path("night.edf"))
    Choice(emg=(2,), acc=(3, 4, 5), warnings=())
    """
    meanings = [meaning(name) for name in names]
    warnings: list[str] = []
    if options.emg:
        emg = _asked(options.emg, names, "--emg", path)
    else:
        emg, warnings = _guess_emg(names, rates, meanings, path)
    _check_rates(emg, names, rates, "EMG", path)
    if rates[emg[0]] < LOWEST_EMG_RATE:
        raise RecordingError(
            f"{path}: the EMG channel {names[emg[0]]!r} has {_hertz(rates[emg[0]])}; "
            f"expected at least {_hertz(LOWEST_EMG_RATE)}, below which surface EMG shows no cramp"
        )
    if options.acc:
        acc = _asked(options.acc, names, "--acc", path)
        _check_rates(acc, names, rates, "acceleration", path)
        _check_acc(acc, emg, names, rates, path)
    else:
        acc = guess_accelerometer(meanings, rates, emg)
    return Choice(emg, acc, tuple(warnings))


def _asked(asked: Sequence[str], names: Sequence[str], option: str, path: Path) -> tuple[int, ...]:
    positions = [_find(text, names, option, path) for text in asked]
    return tuple(dict.fromkeys(positions))


def _find(text: str, names: Sequence[str], option: str, path: Path) -> int:
    """Position of the one channel that `text` names."""
    wanted = text.strip().casefold()
    exact = [i for i, name in enumerate(names) if name == text]
    folded = [i for i, name in enumerate(names) if name.strip().casefold() == wanted]
    matches = exact or folded
    number = re.fullmatch("#?([0-9]{1,6})", wanted)
    if not matches and number:
        # A bare number is a position; as a part of a name it would pick "EMG 12" for "2".
        matches = [int(number[1]) - 1] if 1 <= int(number[1]) <= len(names) else []
    elif not matches and wanted:
        matches = [i for i, name in enumerate(names) if wanted in name.casefold()]
    if len(matches) == 1:
        return matches[0]
    if matches:
        found = ", ".join(f"{i + 1} {names[i]!r}" for i in matches[:LISTED_CHANNELS])
        raise RecordingError(
            f"{path}: {option} {text!r} fits several channels ({found}); "
            "expected one: give its full name, or its number"
        )
    raise RecordingError(f"{path}: no channel is called {text!r} ({option}); {_listing(names)}")


def _guess_emg(
    names: Sequence[str], rates: Sequence[Fraction], meanings: Sequence[Meaning], path: Path
) -> tuple[tuple[int, ...], list[str]]:
    """The best class of names that has a usable rate: one leg, one rate."""
    candidates = [i for i, said in enumerate(meanings) if said.emg != EmgClass.NOT_EMG]
    if not candidates:
        raise RecordingError(
            f"{path}: no leg EMG channel was recognised by its name; {_listing(names)}; "
            "choose one with --emg"
        )
    usable = [i for i in candidates if rates[i] >= LOWEST_EMG_RATE] or candidates
    best = min(meanings[i].emg for i in usable)
    of_class = [i for i in usable if meanings[i].emg == best]
    first = of_class[0]
    if best == EmgClass.ANY_EMG:
        chosen = [first]
    else:
        leg = [i for i in of_class if meanings[i].side == meanings[first].side]
        chosen = [i for i in leg if rates[i] == rates[first]]
    left_out = [i for i in of_class if i not in chosen]
    if not left_out:
        return tuple(chosen), []
    used, rest = (", ".join(repr(names[i]) for i in some) for some in (chosen, left_out))
    why = (
        "one leg at a time, at one rate, is judged"
        if best != EmgClass.ANY_EMG
        else ("its name does not say which of them lies on the calf")
    )
    return tuple(chosen), [
        f"Of several EMG channels {used} is used and {rest} left out "
        f"({why}); choose others with --emg"
    ]


def _check_rates(
    chosen: Sequence[int], names: Sequence[str], rates: Sequence[Fraction], kind: str, path: Path
) -> None:
    if len({rates[i] for i in chosen}) > 1:
        found = ", ".join(f"{names[i]!r} {_hertz(rates[i])}" for i in chosen)
        raise RecordingError(
            f"{path}: the chosen {kind} channels have different rates ({found}); expected one rate"
        )


def _check_acc(
    acc: Sequence[int],
    emg: Sequence[int],
    names: Sequence[str],
    rates: Sequence[Fraction],
    path: Path,
) -> None:
    if len(acc) > AXES or set(acc) & set(emg):
        found = ", ".join(repr(names[i]) for i in acc)
        raise RecordingError(
            f"{path}: {found} cannot be the acceleration; expected one to three channels "
            "that are not the EMG"
        )
    if rates[acc[0]] <= 0:
        raise RecordingError(
            f"{path}: the acceleration channel {names[acc[0]]!r} has {_hertz(rates[acc[0]])}; "
            "expected a rate above zero"
        )


def _listing(names: Sequence[str]) -> str:
    listed = ", ".join(repr(name) for name in names[:LISTED_CHANNELS])
    more = len(names) - LISTED_CHANNELS
    return f"the file has {listed or 'no channels'}" + (f" and {more} more" if more > 0 else "")


def _hertz(rate: Fraction) -> str:
    return f"{float(rate):.10g} Hz"
