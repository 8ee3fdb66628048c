"""The steps of a calibration: what is asked of the wearer, and for how long."""

from dataclasses import dataclass

__all__ = ["STEPS", "WANTED_RAISES", "Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked.

    Parameters
    ----------
    name : str
    words : str
        To the wearer.
    ready_s, length_s : float
        Time to get ready, and of the step itself.
    needs_axes : bool
        Three axes of acceleration.
    """

    name: str
    words: str
    ready_s: float
    length_s: float
    needs_axes: bool = False


#: Foot-raises that are asked for.
WANTED_RAISES = 3
#: Rest lasts until the mains frequency is known (60 s of signal), so that the steps after it are
#: judged at once; the other lengths are what a person needs [A].
STEPS = (
    Step("rest", "lie down, let the leg go loose and do not move, for a minute", 8.0, 57.0),
    Step(
        "foot_raise",
        "point the foot down like on a pedal, hold it for three seconds and let go; three times",
        8.0,
        30.0,
    ),
    Step("stretch", "stay as you lie, pull the toes towards you and hold", 8.0, 15.0),
    Step("turn", "turn over in bed as you do at night, then lie still", 8.0, 20.0, True),
    Step("stand", "get up and stand still beside the bed", 20.0, 12.0, True),
    Step("walk", "walk up and down the room", 5.0, 20.0),
)
