"""What an LSL stream is to us: its description, its unit, and indices from its times."""

from fractions import Fraction
from typing import TYPE_CHECKING

from crampdetect.detection.types import Array, Stream
from crampdetect.devices.generic_frames import Described
from crampdetect.errors import DeviceError

if TYPE_CHECKING:
    from pylsl import StreamInfo

__all__ = ["StampedIndex", "described_stream", "unit_factor"]

#: Indices are our own, and do not come round.
MODULUS = 1 << 53
#: A jump of the sender's times by more (s) is a loss [A].
JUMP_S = 0.25
#: Factors to microvolts and to g, by the names that senders use.
UNITS: dict[Stream, dict[str, float]] = {
    "emg": {"microvolts": 1.0, "microvolt": 1.0, "uv": 1.0, "µv": 1.0, "millivolts": 1e3,
            "millivolt": 1e3, "mv": 1e3, "volts": 1e6, "volt": 1e6, "v": 1e6},
    "acc": {"g": 1.0, "mg": 1e-3, "m/s^2": 1 / 9.80665, "m/s2": 1 / 9.80665, "m/s²": 1 / 9.80665},
}  # fmt: skip


def unit_factor(stream: Stream, unit: str) -> float | None:
    """Factor to microvolts, or g; None where the name of the unit is not known.

    Examples
    --------
    >>> unit_factor("emg", "millivolts"), unit_factor("emg", "")
    (1000.0, None)
    """
    return UNITS[stream].get(unit.strip().lower())


class StampedIndex:
    """Indices for samples that carry times instead: they run on, but for a jump of the times.

    Parameters
    ----------
    rate : Fraction
        Nominal, in Hz.
    """

    def __init__(self, rate: Fraction) -> None:
        self._hz = float(rate)
        self._next = 0
        self._expected_s: float | None = None

    def blocks(self, stamps: Array) -> list[tuple[int, int, int]]:
        """Index, first and stop (exclusive) of stretches of a chunk without a loss.

        Examples
        --------
        >>> import numpy as np
        >>> StampedIndex(Fraction(100)).blocks(np.array([5.0, 5.01, 6.01, 6.02]))
        [(0, 0, 2), (101, 2, 4)]
        """
        out: list[tuple[int, int, int]] = []
        for number, stamp in enumerate(stamps.tolist()):
            late = 0.0 if self._expected_s is None else stamp - self._expected_s
            missing = round(late * self._hz) if late > JUMP_S else 0
            self._next += missing
            if missing or not out:
                out.append((self._next, number, number))
            index, first, _ = out[-1]
            out[-1] = (index, first, number + 1)
            self._next += 1
            self._expected_s = stamp + 1 / self._hz
        return out


def described_stream(info: "StreamInfo", stream: Stream) -> tuple[Described, float]:
    """What a stream is, and the factor to our unit.

    Raises
    ------
    DeviceError
        It has no regular rate, or its acceleration no known unit.
    """
    if info.nominal_srate() <= 0:
        raise DeviceError(
            f"the LSL stream {info.name()} has no regular rate; expected one that has",
            "wrong_device",
        )
    names, units = [], []
    channel = info.desc().child("channels").child("channel")
    for number in range(info.channel_count()):
        names.append(channel.child_value("label") or f"{stream.upper()} {number + 1}")
        units.append(channel.child_value("unit"))
        channel = channel.next_sibling("channel")
    factors = {unit_factor(stream, unit) for unit in units}
    factor = factors.pop() if len(factors) == 1 else None
    if factor is None and stream == "acc":
        raise DeviceError(
            f"the unit of the LSL stream {info.name()} is {units[0]!r}; expected g or m/s^2",
            "wrong_device",
        )
    unit = "g" if stream == "acc" else "a.u." if factor is None else "uV"
    rate = Fraction(info.nominal_srate()).limit_denominator(1000)
    return Described(stream, tuple(names), rate, unit, MODULUS), factor or 1.0
