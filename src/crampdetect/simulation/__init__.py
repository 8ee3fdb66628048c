"""Nights made by numbers: numpy and scipy only, deterministic by seed.

`parameters` is the table of defaults, `worlds` draws it anew, `other_world` contradicts it.
`planning` draws what happens, `scripted` takes it as given; events (`cramps`, `movements`,
`holds`, `upright`, `contact`) turn into `parts`; `sampling` and `accelerometer` turn parts into
samples at any rate; `night` yields them in blocks beside the `truth`.
"""

from crampdetect.simulation.night import SimulatedNight
from crampdetect.simulation.other_world import confounder_heavy, other_world
from crampdetect.simulation.parameters import NightParameters
from crampdetect.simulation.planning import plan_events, simulate_night
from crampdetect.simulation.scripted import quiet, scripted_night
from crampdetect.simulation.truth import Truth, TruthEvent
from crampdetect.simulation.worlds import in_world, randomised

__all__ = [
    "NightParameters",
    "SimulatedNight",
    "Truth",
    "TruthEvent",
    "confounder_heavy",
    "in_world",
    "other_world",
    "plan_events",
    "quiet",
    "randomised",
    "scripted_night",
    "simulate_night",
]
