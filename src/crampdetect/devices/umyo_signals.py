"""What a uMyo (Ultimate Robotics) measures, whichever way it comes.

Read from its firmware and schematic; the size of a count, the band and the rate were never
checked on hardware. The nominal rate is what the firmware's timer gives; it runs from an RC
oscillator or a crystal, so the true rate is estimated from arrivals (`TimeMap`).
"""

from fractions import Fraction

import numpy as np

from crampdetect.detection.types import Array, SignalInfo

__all__ = ["ACC_G", "BATTERY_LOW_MV", "LSB_UV", "RATE", "acceleration", "umyo_signals"]

#: One conversion takes (5 + 2) us and 128 of them are averaged: 1116.07 Hz.
RATE = Fraction(1_000_000, (5 + 2) * 128)
#: 3.6 V over 14 bits, behind an amplifier of gain 80 (AD8293G80): 2.75 uV at the electrodes.
LSB_UV = 3.6 / (1 << 14) / 80 * 1e6
LARGEST_COUNT = (1 << 14) - 1
#: +-2 g in 16 bits.
ACC_G = 2.0 / (1 << 15)
#: The firmware switches off below 3200 mV; lithium cells fall quickly from here on [A].
BATTERY_LOW_MV = 3350


def umyo_signals(acc_rate: Fraction, comb: bool) -> tuple[SignalInfo, SignalInfo]:
    """EMG and acceleration.

    Parameters
    ----------
    acc_rate : Fraction
        In Hz.
    comb : bool
        The payload went through the firmware's comb filter, whose gain of 2 is taken out: a sum of
        two samples, so one count is half as large.
    """
    share = 0.5 if comb else 1.0
    largest = LARGEST_COUNT * LSB_UV
    emg = SignalInfo(
        "emg",
        ("EMG",),
        RATE,
        "uV",
        comb_filtered=comb,
        rails=((0.0, largest),),
        resolution=(LSB_UV * share,),
    )
    acc_rails = ((-(1 << 15) * ACC_G, ((1 << 15) - 1) * ACC_G),) * 3
    names = ("ACC X", "ACC Y", "ACC Z")
    acc = SignalInfo("acc", names, acc_rate, "g", rails=acc_rails, resolution=(ACC_G,) * 3)
    return emg, acc


def acceleration(counts: tuple[int, ...]) -> Array:
    """Counts of the three axes in g."""
    values: Array = np.array(counts, dtype=np.float64) * ACC_G
    return values
