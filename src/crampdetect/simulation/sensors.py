"""Sensors that one can have, as numbers of a night; none of them was tried on hardware.

Rates, steps and axes as makers or open firmware state them: [V] read there, [D] derived from
that, [A] assumed. models/README.md, "Sensors", says what a model can do with each.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from crampdetect.simulation.parameters import NightParameters

__all__ = ["SENSORS", "Sensor", "with_sensor"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sensor:
    """One sensor.

    Parameters
    ----------
    emg_rate, acc_rate : Fraction
        In Hz.
    emg_bits, acc_bits : int
        Of the converters; their rails are half of all codes, both ways.
    emg_step_uv, acc_step_g : float
        One code, in uV at the electrodes and in g.
    emg_unit : str
        ``"uV"``, or ``"a.u."`` where nobody knows the scale: `emg_step_uv` over a factor from
        `hidden_gain` is what a code is then.
    emg_highpass : float
        Of the analogue front end, in Hz; 0: none.
    offset_steps : float
        Largest offset of the EMG converter, in codes.
    acc_axes : int
    acc_range_g : float or None
        Where it saturates before its codes end.
    comb : bool
        Comb-filtered by its firmware, which may take the wrong mains frequency for a while.
    """

    emg_rate: Fraction
    emg_bits: int = 16
    emg_step_uv: float = 0.15
    emg_unit: str = "uV"
    hidden_gain: tuple[float, float] = (1.0, 1.0)
    emg_highpass: float = 0.0
    offset_steps: float = 0.0
    acc_rate: Fraction = Fraction(100)
    acc_axes: int = 3
    acc_bits: int = 16
    acc_step_g: float = 0.000125
    acc_range_g: float | None = None
    comb: bool = False


#: 14 bits over 3.6 V behind a gain of 80: 2.75 uV [D]; acceleration once a packet of 8 samples
#: (base) or at 25 Hz, 16 bits over +-2 g [V firmware].
_UMYO = Sensor(
    emg_rate=Fraction(1116), emg_bits=14, emg_step_uv=2.75, offset_steps=200.0,
    acc_rate=Fraction(25), acc_step_g=2.0 / 32768,
)  # fmt: skip
#: 24 bits over +-2.42 V behind a gain of 12 [V SDK]; every packet has all channels [V]; 12 bits of
#: an analogue accelerometer, 83 codes per m/s^2 [V].
_SHIMMER = Sensor(
    emg_rate=Fraction(1024), emg_bits=24, emg_step_uv=2.42e6 / 12 / (2**23 - 1), offset_steps=4e4,
    acc_rate=Fraction(1024), acc_bits=12, acc_step_g=1.0 / (83.0 * 9.80665), acc_range_g=2.0,
)  # fmt: skip

#: By name, as ``crampdetect simulate --sensor`` takes it.
SENSORS: dict[str, Sensor] = {
    "default": Sensor(emg_rate=Fraction(1000)),  # nobody's: of the class of wearables [A]
    "umyo-base": replace(_UMYO, comb=True, acc_rate=Fraction(279, 2)),
    "umyo": _UMYO,  # BLE
    "shimmer3-1024": _SHIMMER,
    "shimmer3-512": replace(_SHIMMER, emg_rate=Fraction(512), acc_rate=Fraction(512)),
    # 10 bits over 3.3 V behind a gain of 1009 [D], 25-480 Hz [V]; acceleration in every frame,
    # on one axis, 0.33 V/g and +-3.6 g of an ADXL335 [A]
    "bitalino": Sensor(
        emg_rate=Fraction(1000), emg_bits=10, emg_step_uv=3.3e6 / 1024 / 1009, emg_highpass=25.0,
        offset_steps=3.0, acc_rate=Fraction(1000), acc_axes=1, acc_bits=10,
        acc_step_g=3.3 / 1024 / 0.33, acc_range_g=3.6,
    ),
    # raw pin behind a gain of 200 [A], 12 bits over 3.3 V [V ESP32], 20 Hz high-pass [A];
    # +-2 g of a BMI270 [V data sheet], 100 Hz by own firmware
    "myoware": Sensor(
        emg_rate=Fraction(1000), emg_bits=12, emg_step_uv=3.3e6 / 4096 / 200, emg_highpass=20.0,
        offset_steps=40.0, acc_step_g=2.0 / 32768,
    ),
    # 12 bits, 1.02 uV [V LibEMG: 2.5 V / 1200 / 2047]; acceleration at 50 Hz, +-8 g [A]
    "gforcepro": Sensor(
        emg_rate=Fraction(500), emg_bits=12, emg_step_uv=2.5e6 / 1200 / 2047, emg_highpass=20.0,
        offset_steps=10.0, acc_rate=Fraction(50), acc_step_g=8.0 / 32768,
    ),
    # codes of 12 bits [V firmware] behind a gain that is not told, about 0.4-1.6 uV each [A]
    "npg-lite": Sensor(
        emg_rate=Fraction(500), emg_bits=12, emg_step_uv=0.8, emg_unit="a.u.",
        hidden_gain=(0.5, 2.0), offset_steps=60.0, acc_axes=0,
    ),
    # 24 bits over +-4.5 V behind a gain of 24 [V]; +-4 g, 12 bits [V], 25 Hz
    "cyton": Sensor(
        emg_rate=Fraction(250), emg_bits=24, emg_step_uv=4.5e6 / 24 / (2**23 - 1),
        offset_steps=4e5, acc_rate=Fraction(25), acc_bits=12, acc_step_g=0.002,
    ),
    # 18 bits, 0.24 uV [V firmware 3: 128 counts of 1.87 nV]; +-2 g, 8 bits, 10 Hz [V]
    "ganglion": Sensor(
        emg_rate=Fraction(200), emg_bits=18, emg_step_uv=128 * 1.2e6 / (8388607 * 1.5 * 51),
        offset_steps=4000.0, acc_rate=Fraction(10), acc_bits=8, acc_step_g=0.016,
    ),
    # 8 bits of an unknown scale, rest within one code [V]: about 2-8 uV each [A]; +-16 g [V]
    "myo": Sensor(
        emg_rate=Fraction(200), emg_bits=8, emg_step_uv=4.0, emg_unit="a.u.",
        hidden_gain=(0.5, 2.0), emg_highpass=20.0, acc_rate=Fraction(50), acc_step_g=1.0 / 2048,
    ),
    # 24 bits; step as of an ADS1294 behind a gain of 12 [A]; 20 Hz [V], +-2 g [A]
    "mentalab": Sensor(
        emg_rate=Fraction(250), emg_bits=24, emg_step_uv=2.4e6 / 12 / (2**23 - 1),
        offset_steps=4e5, acc_rate=Fraction(20), acc_step_g=2.0 / 32768,
    ),
    # 16 bits over +-1.5 mV [A]; 10-500 Hz [A]; acceleration in every frame, +-8 g [A]
    "muscleban": Sensor(
        emg_rate=Fraction(1000), emg_step_uv=1500.0 / 32768, emg_highpass=10.0,
        acc_rate=Fraction(1000), acc_step_g=8.0 / 32768,
    ),
    # 34000/27 Hz and 4000/27 Hz [V recordings]; 20-450 Hz [V]; 16 bits over +-5.5 mV, +-4 g [A]
    "delsys": Sensor(
        emg_rate=Fraction(34000, 27), emg_step_uv=5500.0 / 32768, emg_highpass=20.0,
        acc_rate=Fraction(4000, 27), acc_step_g=4.0 / 32768,
    ),
}  # fmt: skip


def with_sensor(parameters: NightParameters, name: str) -> NightParameters:
    """Return the same table as a sensor would record it; channels and placement stay.

    Parameters
    ----------
    parameters : NightParameters
    name : str
        One of `SENSORS`.

    Raises
    ------
    ValueError
        For a name that is not there.

    Examples
    --------
    >>> given = with_sensor(NightParameters(), "ganglion")
    >>> given.emg_rate, given.acc_rate, given.acc_range_g
    (Fraction(200, 1), Fraction(10, 1), 2.048)
    """
    if name not in SENSORS:
        raise ValueError(f"sensor {name!r} is unknown, expected one of {', '.join(SENSORS)}")
    one = SENSORS[name]
    return replace(
        parameters,
        emg_rate=one.emg_rate,
        emg_resolution_uv=one.emg_step_uv,
        emg_rails_uv=round((1 << one.emg_bits - 1) * one.emg_step_uv, 6),
        emg_unit=one.emg_unit,
        emg_hidden_gain=one.hidden_gain,
        emg_offset_uv=one.offset_steps * one.emg_step_uv,
        emg_highpass=one.emg_highpass,
        comb_filtered=one.comb,
        comb_flips=one.comb,
        acc_rate=one.acc_rate,
        acc_axes=one.acc_axes,
        acc_resolution_g=one.acc_step_g,
        acc_range_g=one.acc_range_g or (1 << one.acc_bits - 1) * one.acc_step_g,
    )
