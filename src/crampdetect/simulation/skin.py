"""What sweat does to the EMG over a night: high frequencies fade."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.person import FULL_NIGHT_S, Person

__all__ = ["HighFrequencyLoss"]

#: Hz: above it the loss takes hold, below it the EMG passes [A].
LOSS_CORNER = 150.0


class HighFrequencyLoss:
    """Sweat bridges the electrodes: what lies above 150 Hz fades until the morning.

    Carries its state from block to block, so that blocks have no seams.

    Parameters
    ----------
    rate : float
        In Hz.
    person : Person
        `hf_loss_db` says how much is lost after 8 h, in dB.

    Examples
    --------
    >>> from crampdetect.simulation.parameters import NightParameters
    >>> from crampdetect.simulation.person import draw_person
    >>> from crampdetect.simulation.seeds import Seeds
    >>> given = NightParameters(hf_loss_share=1.0, hf_loss_db=(3.0, 3.0))
    >>> loss = HighFrequencyLoss(2000.0, draw_person(given, Seeds(1)))
    >>> times = 28_800 + np.arange(2000) / 2000
    >>> tone = np.sin(2 * np.pi * 800 * times)
    >>> bool(0.69 < np.sqrt(2 * np.mean(loss.apply(tone, times)[500:] ** 2)) < 0.74)
    True
    """

    def __init__(self, rate: float, person: Person) -> None:
        self._loss_db = person.hf_loss_db
        # one pole, by the bilinear transform; above half the rate there is nothing to lose
        warped = np.tan(np.pi * min(LOSS_CORNER / rate, 0.49))
        gain = float(warped / (1.0 + warped))
        self._numerator = [gain, gain]
        self._denominator = [1.0, float((warped - 1.0) / (warped + 1.0))]
        self._state = np.zeros(1)

    def apply(self, values: Array, times_s: Array) -> Array:
        """Return the next samples, at these times, with the loss of the hour."""
        if self._loss_db == 0 or values.size == 0:
            return values
        from scipy.signal import lfilter

        low, self._state = lfilter(self._numerator, self._denominator, values, zi=self._state)
        kept = 10.0 ** (-self._loss_db / 20.0 * np.minimum(times_s / FULL_NIGHT_S, 1.0))
        return np.asarray(low + kept * (values - low), dtype=np.float64)
