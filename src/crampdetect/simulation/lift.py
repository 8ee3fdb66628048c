"""An electrode that is off: what the amplifier shows instead of the muscle."""

from functools import lru_cache

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.parts import Contact

__all__ = ["Lift"]

#: Noise of an amplifier with open inputs tied together, uV RMS [A].
FLAT_NOISE_UV = 0.1
#: Half-detached electrode: RMS of its 1/f noise and amplitude of its hum over `hum_uv` [A].
LOOSE_NOISE, LOOSE_HUM = 0.2, 0.3


@lru_cache(maxsize=1)
def _pink() -> tuple[Array, Array]:
    """Filter from white noise to 1/f noise of unit RMS, within 1 dB over a decade and more."""
    # three poles and zeros, log-spaced (Kellet 1999, as given by Smith, Spectral Audio) [R-m]
    ahead = np.array([0.049922035, -0.095993537, 0.050612699, -0.004408786])
    back = np.array([1.0, -2.494956002, 2.017265875, -0.522189400])
    from scipy.signal import lfilter

    impulse = np.zeros(4096)
    impulse[0] = 1.0
    return ahead / np.sqrt(np.sum(lfilter(ahead, back, impulse) ** 2)), back


class Lift:
    """One stretch of lost contact of one channel, asked for its share of block after block.

    Parameters
    ----------
    contact : Contact
    rng : numpy.random.Generator
        Its own.
    """

    def __init__(self, contact: Contact, rng: np.random.Generator) -> None:
        self._contact = contact
        self._rng = rng
        self._state = np.zeros(3)
        self.stop_s = contact.start_s + contact.duration_s

    def replace_in(self, values: Array, times_s: Array, wave: Array, rail_uv: float) -> None:
        """Replace the signal of a block, in uV, where the electrode is off.

        `wave` is mains hum of amplitude 1, `rail_uv` where the converter saturates.
        """
        first, last = np.searchsorted(times_s, [self._contact.start_s, self.stop_s])
        if first == last:
            return
        size, hum_uv = int(last - first), self._contact.hum_uv
        if self._contact.mode == "rail":
            values[first:last] = rail_uv
        elif self._contact.mode == "noise":
            noise = LOOSE_NOISE * hum_uv * self._loose(size)
            values[first:last] = noise + LOOSE_HUM * hum_uv * wave[first:last]
        else:
            values[first:last] = FLAT_NOISE_UV * self._rng.standard_normal(size)
            if self._contact.mode == "mains":
                values[first:last] += hum_uv * wave[first:last]

    def _loose(self, size: int) -> Array:
        """The next samples of 1/f noise of unit RMS."""
        from scipy.signal import lfilter

        noise, self._state = lfilter(*_pink(), self._rng.standard_normal(size), zi=self._state)
        return np.asarray(noise, dtype=np.float64)
