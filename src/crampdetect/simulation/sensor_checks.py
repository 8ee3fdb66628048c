"""What a sensor can be, checked where a table of numbers is made."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crampdetect.simulation.parameters import NightParameters

__all__ = ["check_sensor"]

#: Hz: the slowest accelerometer beside an EMG sensor, that of the Ganglion [V firmware].
LOWEST_ACC_RATE = 10

_ALLOWED = {"emg_channels": (1, 2), "acc_axes": (0, 1, 3), "emg_unit": ("uV", "a.u.")}


def check_sensor(given: "NightParameters") -> None:
    """Refuse what no sensor is.

    Raises
    ------
    ValueError
        For an ACC rate below 10 Hz, and channels, axes, units or rails that no sensor has.
    """
    if given.acc_rate < LOWEST_ACC_RATE:
        raise ValueError(
            f"an ACC rate of {float(given.acc_rate):g} Hz cannot be simulated, "
            f"expected at least {LOWEST_ACC_RATE} Hz"
        )
    for name, allowed in _ALLOWED.items():
        if getattr(given, name) not in allowed:
            raise ValueError(
                f"{name} is {getattr(given, name)!r}, expected {' or '.join(map(str, allowed))}"
            )
    for rail, step in (
        (given.emg_rails_uv, given.emg_resolution_uv),
        (given.acc_range_g, given.acc_resolution_g),
    ):
        if not 0 < step < rail < (1 << 23) * step * 1.001:
            raise ValueError(
                f"rails of {rail:g} in steps of {step:g} cannot be simulated, "
                "expected a converter of 2 to 24 bits"
            )
