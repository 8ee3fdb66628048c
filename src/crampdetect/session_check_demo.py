"""Evenings made by numbers for `--device demo`: a leg that does what the check asks for."""

from crampdetect.simulation import NightParameters, SimulatedNight, scripted_night
from crampdetect.simulation.events import Event
from crampdetect.simulation.holds import VoluntaryHold
from crampdetect.simulation.movements import BodyMovement
from crampdetect.simulation.upright import Upright

__all__ = ["calibration_evening", "check_evening"]

#: The person of the demo night, on another evening.
SEED = 32
#: Multiple of rest of a foot-raise that nobody has to try hard for [A].
RAISE_LEVEL = 9.0


def check_evening() -> SimulatedNight:
    """A minute of rest, then five foot-raises."""
    return scripted_night(_raises(5, 64.0), _leg(150.0), SEED)


def calibration_evening() -> SimulatedNight:
    """Every step of the calibration, when its time has come (`session_calibration_steps`)."""
    stretch = VoluntaryHold(onset_s=113.0, duration_s=10.0, level=1.6, motion_g=0.1)
    turn = BodyMovement(onset_s=137.0, duration_s=8.0, level=6.0, motion_g=0.4, turn_deg=90.0)
    stand = Upright(onset_s=160.0, duration_s=29.0, level=3.0, pitch_deg=88.0)
    walk = Upright(onset_s=189.0, duration_s=40.0, level=3.0, walks_s=38.0)
    events = [*_raises(3, 77.0), stretch, turn, stand, walk]
    return scripted_night(events, _leg(240.0), SEED)


def _leg(duration_s: float) -> NightParameters:
    return NightParameters(duration_s=duration_s, acc_gain_error=0.01, acc_offset_g=0.01)


def _raises(count: int, first_s: float) -> list[Event]:
    return [
        VoluntaryHold(onset_s=first_s + 10.0 * k, duration_s=3.0, level=RAISE_LEVEL, motion_g=0.1)
        for k in range(count)
    ]
