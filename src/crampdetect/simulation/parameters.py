"""The one table of numbers behind a simulated night, each with its source and evidence tag.

Its parts stand in `parameters_rest`, `parameters_motor_units`, `parameters_cramps`,
`parameters_movements` and `parameters_contact`; docs/simulation.md shows all of it, with what
`worlds` makes of it.

Tags: [V] read at the published source; [R-h], [R-m] general knowledge, high or medium confidence,
not read at a source; [D] derived from tagged numbers; [A] assumption without a source; [V -> A] the
fact was read, the number made of it is ours. Names in brackets are the publications, listed in
docs/evidence.md; sleep-movement definitions follow AASM and WASM 2016. Figures obtained on such
nights are *simulation* figures.

``Range`` (low, high) is drawn uniformly; ``LogNormal`` (median, sigma) is a lognormal whose
logarithm has standard deviation sigma. Rates are per 8 h unless the name says otherwise; "persons"
is a share of persons, "nights" of nights. What follows ``#`` on the line of a field is printed in
docs/simulation.md.
"""

from dataclasses import dataclass
from fractions import Fraction

from crampdetect.detection.types import LOWEST_EMG_RATE
from crampdetect.simulation.parameters_contact import ContactParameters
from crampdetect.simulation.parameters_cramps import CrampParameters
from crampdetect.simulation.parameters_motor_units import MotorUnitParameters
from crampdetect.simulation.parameters_movements import MovementParameters
from crampdetect.simulation.parameters_rest import Range, RestParameters
from crampdetect.simulation.sensor_checks import check_sensor

__all__ = ["NightParameters"]


@dataclass(frozen=True, kw_only=True)
class NightParameters(
    RestParameters, MotorUnitParameters, CrampParameters, MovementParameters, ContactParameters
):
    """How nights are drawn; every field is a default that may be replaced.

    Raises
    ------
    ValueError
        For an EMG rate below 200 Hz, an ACC rate below 10 Hz, a duration that is not positive, and
        for channels, axes, units or rails that no sensor has.

    Examples
    --------
    >>> NightParameters(emg_rate=Fraction(500), duration_s=3600).emg_rate
    Fraction(500, 1)
    """

    # --- recording
    duration_s: float = 28_800.0  # 8 h, the unit of the base rates
    emg_rate: Fraction = Fraction(1000)  # Hz; lab norm >= 1000 [V2 SENIAM/ISEK]
    acc_rate: Fraction = Fraction(100)  # Hz; 50-100 needed for mechanomyogram (MMG) [R-m]
    emg_resolution_uv: float = 0.15  # 16 bit over +-4.9 mV, "rails 1.5-5 mV" [A]
    acc_resolution_g: float = 0.000125  # 16 bit over +-4.1 g (+-4 g part) [A]

    # --- sensor and channels; what a sensor that one can buy has stands in sensors.py
    emg_channels: int = 1  # 1 "EMG Gastroc"; 2 "EMG MG", "EMG LG"
    emg_rails_uv: float = 4915.2  # both ways; "rails 1.5-5 mV" [A]
    emg_unit: str = "uV"  # or "a.u.": converter codes of a scale that is not told
    emg_hidden_gain: Range = (1.0, 1.0)  # log-uniform between devices that give a.u. [A]
    emg_offset_uv: float = 0.0  # largest offset of the converter, per channel [A]
    emg_highpass: float = 0.0  # Hz, second-order Butterworth of the front end; 0: none
    comb_filtered: bool = False  # each sample with the one half a mains period before it
    comb_flips: bool = False  # the comb passes to the other mains frequency and back [V uMyo]
    acc_axes: int = 3  # 1: only z, across the shank; 0: no accelerometer
    acc_range_g: float = 4.096  # rails, both ways [A]
    acc_misalignment_deg: float = 10.0  # largest angle between x and the shank, as worn [A]
    acc_gain_error: float = 0.03  # largest, per axis and device [A]
    acc_offset_g: float = 0.03  # largest, per axis and device [A]

    def __post_init__(self) -> None:
        if self.emg_rate < LOWEST_EMG_RATE:
            raise ValueError(
                f"an EMG rate of {float(self.emg_rate):g} Hz cannot be simulated, "
                f"expected at least {int(LOWEST_EMG_RATE)} Hz"
            )
        check_sensor(self)
        if not self.duration_s > 0:
            raise ValueError(f"a night of {self.duration_s:g} s was asked, expected more than 0 s")
