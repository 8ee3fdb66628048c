"""From microvolts at the electrodes to the numbers that a sensor sends."""

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.simulation.channels import code_limits, emg_step
from crampdetect.simulation.comb import CombFilter, comb_courses
from crampdetect.simulation.draws import log_uniform
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.seeds import Origin, Seeds

__all__ = ["FrontEnd"]


class FrontEnd:
    """High-pass, converter, hidden gain and comb of one sensor, with their states.

    Parameters
    ----------
    rate : float
        In Hz.
    parameters : NightParameters
    seeds : Seeds
    """

    def __init__(self, rate: float, parameters: NightParameters, seeds: Seeds) -> None:
        n = parameters.emg_channels
        gain = 1.0
        if parameters.emg_unit != "uV":  # the device's own, night after night
            gain = log_uniform(seeds.of_person(Origin.SENSOR), parameters.emg_hidden_gain)
        self._code_uv = parameters.emg_resolution_uv / gain
        self._step = emg_step(parameters)
        self._limits = code_limits(parameters.emg_rails_uv, parameters.emg_resolution_uv)
        offsets = seeds.generator(Origin.SENSOR, 5).uniform(-1.0, 1.0, n)
        self._offsets_uv = parameters.emg_offset_uv * offsets if parameters.emg_offset_uv else None
        self._highpass: Array | None = None
        if parameters.emg_highpass:
            from scipy.signal import butter

            self._highpass = butter(2, parameters.emg_highpass, "highpass", fs=rate, output="sos")
            self._state = np.zeros((1, 2, n))
        self._comb: CombFilter | None = None
        if parameters.comb_filtered:
            self._comb = CombFilter(rate, comb_courses(parameters, seeds), n)

    @property
    def rail_uv(self) -> float:
        """Where the converter saturates, in uV at the electrodes."""
        return self._limits[1] * self._code_uv

    def amplify(self, values: Array) -> Array:
        """Apply the front end's high-pass and offset to uV of shape (n_samples, n_channels)."""
        if self._highpass is not None:
            from scipy.signal import sosfilt

            values, self._state = sosfilt(self._highpass, values, axis=0, zi=self._state)
        return values if self._offsets_uv is None else values + self._offsets_uv

    def convert(self, values: Array) -> Array:
        """What the sensor sends of uV, in its unit: whole steps, between its rails.

        There is no dither: rest weaker than a step may be one code for long.
        """
        codes = np.clip(np.rint(values / self._code_uv), *self._limits)
        if self._comb is None:
            return np.asarray(codes * self._step, dtype=np.float64)
        # the mean of two samples: the filter's gain of 2 is known and taken out
        return np.asarray(self._comb.push(codes) * (self._step / 2), dtype=np.float64)
