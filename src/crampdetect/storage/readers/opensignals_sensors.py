"""What OpenSignals files (text and HDF5) mean: names, transfer functions, start time."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.storage.readers.selection import Channel

__all__ = [
    "BITALINO_BAND",
    "converted_acc_unit",
    "device_start",
    "muscle_names",
    "rate_of",
    "sensor_channel",
]

#: EMG sensor of the BITalino (r)evolution: 25-480 Hz (sensor data sheet, 2016).
BITALINO_BAND = (25.0, 480.0)
# Supply voltage (V) and gain of the EMG sensors: V = (ADC / 2^n - 1/2) * supply / gain.
# BITalino (r)evolution EMG data sheet: 3.3 V, 1009; the first BITalino and biosignalsplux EMG
# data sheets: gain 1000, and 3 V for biosignalsplux.
_BITALINO_REVOLUTION = (3.3, 1009.0)
_BITALINO_FIRST = (3.3, 1000.0)
_BIOSIGNALSPLUX = (3.0, 1000.0)
_MUSCLE = re.compile(r"\bch(\d{1,2})[_ :=-]+([a-z][a-z_]*)", re.IGNORECASE)


def muscle_names(comment: str) -> dict[int, str]:
    """Muscles that a comment gives by channel number.

    Examples
    --------
    >>> muscle_names("rest | ch1_gastrocnemius_medialis ch3_acc_z [trial 1]")
    {1: 'gastrocnemius medialis', 3: 'acc z'}
    """
    return {
        int(number): name.strip("_").replace("_", " ") for number, name in _MUSCLE.findall(comment)
    }


def rate_of(value: object) -> Fraction | None:
    """The "sampling rate" of a device, None where it is no number above zero.

    Examples
    --------
    >>> rate_of(1000), rate_of("fast"), rate_of(True)
    (Fraction(1000, 1), None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(value) if 0 < value <= 1e6 else None


def sensor_channel(
    name: str,
    rate: Fraction,
    column: int,
    *,
    sensor: str,
    device: str,
    bits: int,
    converted_unit: str | None = None,
) -> Channel:
    """One OpenSignals column as a channel with its transfer function.

    Parameters
    ----------
    name : str
    rate : Fraction
        In Hz.
    column : int
    sensor, device : str
        As in the header, e.g. ``"EMGBITREV"``, ``"bitalino_rev"``.
    bits : int
        Resolution of the converter.
    converted_unit : str or None
        None: the file holds counts. Else it holds units already: mV for EMG, this for the others.

    Returns
    -------
    Channel
        EMG in uV or mV; counts of other sensors have no unit.

    Examples
    --------
    >>> channel = sensor_channel(
    ...     "EMG", Fraction(1000), 5, sensor="EMGBITREV", device="bitalino_rev", bits=10
    ... )
    >>> round(512 * channel.scale + channel.offset, 9), round(channel.scale, 4)
    (0.0, 3.1939)
    """
    is_emg = sensor.upper().startswith("EMG")
    if converted_unit is not None:
        return Channel(name, rate, "mV" if is_emg else converted_unit, column)
    if not is_emg:
        return Channel(name, rate, "", column)
    if device.lower().startswith("bitalino"):
        revolution = device.lower() != "bitalino" or "REV" in sensor.upper()
        supply, gain = _BITALINO_REVOLUTION if revolution else _BITALINO_FIRST
    else:
        supply, gain = _BIOSIGNALSPLUX
    full = 1 << bits
    return Channel(
        name,
        rate,
        "uV",
        column,
        scale=supply / full / gain * 1e6,
        offset=-0.5 * supply / gain * 1e6,
        counts=(0.0, float(full - 1)),
    )


def converted_acc_unit(values: Array, sensors: Sequence[str]) -> str:
    """Unit of converted acceleration, which the header does not name: gravity tells.

    Parameters
    ----------
    values : Array, shape (n_rows, n_sensors)
        The first rows.
    sensors : sequence of str

    Returns
    -------
    str
        ``"g"``, ``"m/s^2"``, or empty where the length of the vector is neither 1 g nor 9.8 m/s^2.

    Examples
    --------
    >>> converted_acc_unit(np.array([[0.1, 0.2, -9.6]]), ["XYZ", "XYZ", "XYZ"])
    'm/s^2'
    """
    axes = [i for i, sensor in enumerate(sensors) if re.search("acc|xyz", sensor, re.IGNORECASE)]
    lengths = np.linalg.norm(values[:, axes[:3]], axis=1)
    known = lengths[np.isfinite(lengths)]
    usual = float(np.median(known)) if known.size else 0.0
    # One axis of three may show any part of gravity, so the lower bounds are for three only.
    if usual <= 2.0 and (len(axes) < 3 or usual >= 0.5):
        return "g"
    return "m/s^2" if 5.0 <= usual <= 20.0 else ""


def device_start(header: Mapping[str, object]) -> datetime | None:
    """Naive start of the recording ("2025-4-9", "12:45:6.904"), None where it cannot be read.

    Examples
    --------
    >>> device_start({"date": "2025-4-9", "time": "12:45:6.904"})
    datetime.datetime(2025, 4, 9, 12, 45, 6, 904000)
    """
    date = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", str(header.get("date", "")))
    time = re.fullmatch(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d{1,6})?", str(header.get("time", "")))
    if date is None or time is None:
        return None
    year, month, day = (int(part) for part in date.groups())
    hour, minute, second = (int(part) for part in time.groups()[:3])
    microsecond = min(round(float(time.group(4) or 0) * 1e6), 999_999)
    try:
        return datetime(year, month, day, hour, minute, second, microsecond)
    except ValueError:
        return None
