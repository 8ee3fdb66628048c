"""Which accelerometer of a file is the one on the calf: the sensor of the EMG, three axes first."""

from collections.abc import Sequence
from fractions import Fraction

from crampdetect.storage.channel_names import Meaning

__all__ = ["guess_accelerometer"]

AXES = 3


def guess_accelerometer(
    meanings: Sequence[Meaning], rates: Sequence[Fraction], emg: Sequence[int]
) -> tuple[int, ...]:
    """Choose one accelerometer by the names of its channels.

    Preferred, in this order: more axes; not the other leg; more words in common with the EMG
    channel (sensor, side, number); low noise before wide range (a sleeping calf stays below 2 g);
    the nearest one after the EMG channel, as loggers write a sensor's columns side by side.

    Parameters
    ----------
    meanings : sequence of Meaning
        Of every channel of the file.
    rates : sequence of Fraction
        In Hz.
    emg : sequence of int
        The chosen EMG channels.

    Returns
    -------
    tuple of int
        Positions, X, Y, Z where the names say so; empty without an accelerometer.

    Examples
    --------
    >>> from crampdetect.storage.channel_names import meaning
    >>> names = ["EMG 2", "ACC.X 1", "ACC.Y 1", "ACC.Z 1", "ACC.X 2", "ACC.Y 2", "ACC.Z 2"]
    >>> guess_accelerometer([meaning(name) for name in names], [Fraction(100)] * 7, [0])
    (4, 5, 6)
    """
    groups = _groups(meanings, rates, set(emg))
    if not groups:
        return ()
    target = meanings[emg[0]]
    words = frozenset().union(*(meanings[i].tokens for i in emg))

    def cost(group: list[int]) -> tuple[int, bool, int, int, bool, int]:
        said = [meanings[i] for i in group]
        side = said[0].side
        common = words & frozenset().union(*(one.tokens for one in said))
        distance = group[0] - emg[0]
        return (
            -len(group),
            bool(side and target.side and side != target.side),
            -len(common),
            said[0].noise_rank,
            distance < 0,
            abs(distance),
        )

    best = min(groups, key=cost)
    return tuple(sorted(best, key=lambda i: (_axis_order(meanings[i]), i)))


def _groups(
    meanings: Sequence[Meaning], rates: Sequence[Fraction], taken: set[int]
) -> list[list[int]]:
    """Channels that belong together: equal name without the axis, equal rate, no axis twice."""
    finished: list[list[int]] = []
    open_groups: dict[tuple[str, Fraction], list[int]] = {}
    for i, said in enumerate(meanings):
        if not said.is_acceleration or i in taken or rates[i] <= 0:
            continue
        key = (said.sensor, rates[i])
        group = open_groups.get(key)
        repeated = group is not None and (
            len(group) == AXES or (said.axis is not None and said.axis in _axes(meanings, group))
        )
        if group is None or repeated:
            # The same axis again is the next sensor (exports repeat "ACC X" for each of them).
            group = []
            open_groups[key] = group
            finished.append(group)
        group.append(i)
    return finished


def _axes(meanings: Sequence[Meaning], group: Sequence[int]) -> set[int | None]:
    return {meanings[i].axis for i in group}


def _axis_order(said: Meaning) -> int:
    return AXES if said.axis is None else said.axis
