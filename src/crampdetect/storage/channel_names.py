"""What a channel's name says: muscle, leg, accelerometer axis. Guesses, always overridable."""

import re
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["EmgClass", "Meaning", "meaning"]


class EmgClass(IntEnum):
    """How well a name fits a calf EMG; lower is better."""

    CALF = 0
    LEG = 1
    ANY_EMG = 2
    NOT_EMG = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one name says.

    Parameters
    ----------
    emg : EmgClass
    side : {"left", "right", ""}
    is_acceleration : bool
    axis : int or None
        0, 1, 2 for X, Y, Z where the name says so.
    tokens : frozenset of str
        The words that tell sensors apart (axis, side markers and units removed).
    sensor : str
        The name without its axis: equal for the axes of one accelerometer.
    noise_rank : int
        0 for a low-noise (LN) accelerometer, 2 for wide-range (WR), 1 where the name is silent.
    """

    emg: EmgClass
    side: str
    is_acceleration: bool
    axis: int | None
    tokens: frozenset[str]
    sensor: str
    noise_rank: int


# One leading or trailing l/r may be glued to a short muscle name: "RGL", "LSOL", "MGR", "PLMl".
_CALF = re.compile(
    r"(?P<pre>[lr]?)(gastroc\w*?|gastrocnemius|gastr|gas|calf|calves|soleus|surae|sol|so|gm|mg|gl|lg|wade)"
    r"(?P<post>[lr]?)"
)
_LEG = re.compile(
    r"(?P<pre>[lr]?)(leg|legs|ta|tib|tibialis|tibant|plm|peroneus|shank|bein)(?P<post>[lr]?)"
    r"|(?P<anterior>[lr])at"
)
_EMG = re.compile(r"(?P<pre>[lr]?)emg\w*|semg|\w{0,8}emg")
_LEFT = frozenset({"l", "left", "li", "links", "lt", "lft"})
_RIGHT = frozenset({"r", "right", "re", "rechts", "rt", "rgt"})
# Never a leg muscle: chin and face, and what other sensors name.
_NEVER = re.compile(
    r"chin\w*|submental\w*|mental\w*|ment|masset\w*|temporal\w*|jaw|e[oce]g\d*|ekg|[lr]?eog|sp?ao2|"
    r"spo2|gyr\w*|[xyz]?gyro?|mag\w*|[xyz]?mag|quat|quaternion\w*|euler\w*|temp\w*|angle|pos\w*|fsr|imp\w*|"
    r"batt\w*|status|trig\w*|event|snore|resp\w*|flow|nseq|time\w*|force|moment|pleth\w*|baro\w*"
)
# Other muscles: with "EMG" beside them still an EMG, but "lat", "ta" or "leg" then mean no calf.
_OTHER_MUSCLE = re.compile(
    r"[lr]?(vastus\w*|vl|vm|rectus\w*|rf|femoris|biceps\w*|bf|glut\w*|semi\w*|st|hamstr\w*|"
    r"deltoid\w*|triceps|arm|forearm|quadri\w*|brach\w*|biceps)"
)
_ACC = re.compile(
    r"(?P<before>[xyz]?)(acc|accel\w*?|accelero\w*?|acceleration|beschl\w*)(?P<after>[xyz]?)"
)
# The word before a blank axis column of OpenSignals; and units, which tell nothing.
_ACC_ALONE = frozenset({"xyz"})
_TELLS_NOTHING = frozenset(
    {"x", "y", "z", "emg", "acc", "accel", "cal", "ch", "channel", "uv", "mv", "g", "hz", "exg"}
)
_WORD = re.compile(r"[A-Z]{2,}[lr](?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+|\d+")


def meaning(name: str) -> Meaning:
    """Read a channel name.

    Parameters
    ----------
    name : str
        As in the file.

    Returns
    -------
    Meaning

    Examples
    --------
    >>> meaning("EMG_R_Gastrocnemius medial").emg, meaning("EMG_R_Gastrocnemius medial").side
    (<EmgClass.CALF: 0>, 'right')
    >>> meaning("EMG submental").emg
    <EmgClass.NOT_EMG: 3>
    >>> meaning("Accel_LN_X").axis, meaning("yAcc").axis, meaning("Gyro_X").is_acceleration
    (0, 1, False)
    """
    words = tuple(word.lower() for word in _WORD.findall(name))
    never = any(_NEVER.fullmatch(word) for word in words)
    is_acceleration = not never and any(
        _ACC.fullmatch(word) or word in _ACC_ALONE for word in words
    )
    emg, side = _emg_class(words)
    if never or is_acceleration:
        emg = EmgClass.NOT_EMG
    axis, axis_word = _axis(words) if is_acceleration else (None, "")
    return Meaning(
        emg=emg,
        side=side,
        is_acceleration=is_acceleration,
        axis=axis,
        tokens=frozenset(words) - _TELLS_NOTHING,
        sensor=" ".join(
            "acc" if word == axis_word and len(word) > 1 else word
            for word in words
            if word != axis_word or len(word) > 1
        ),
        noise_rank=0 if "ln" in words else 2 if "wr" in words else 1,
    )


def _emg_class(words: tuple[str, ...]) -> tuple[EmgClass, str]:
    """Class and leg; a marker of its own ("R") counts before one glued to the muscle ("RGL")."""
    found, glued = EmgClass.NOT_EMG, ""
    other = any(_OTHER_MUSCLE.fullmatch(word) for word in words)
    for word in words:
        for kind, pattern in (
            (EmgClass.CALF, _CALF),
            (EmgClass.LEG, _LEG),
            (EmgClass.ANY_EMG, _EMG),
        ):
            match = pattern.fullmatch(word)
            if match is None or kind > found or (other and kind == EmgClass.LEG):
                continue
            parts = match.groupdict()
            found = kind
            glued = glued or parts.get("pre") or parts.get("post") or parts.get("anterior") or ""
            break
    for word in words:
        if word in _LEFT or word in _RIGHT:
            return found, "left" if word in _LEFT else "right"
    return found, {"l": "left", "r": "right"}.get(glued, "")


def _axis(words: tuple[str, ...]) -> tuple[int | None, str]:
    """Axis of an accelerometer channel and the word that said it."""
    for word in words:
        match = _ACC.fullmatch(word)
        glued = (match["before"] or match["after"]) if match else ""
        letter = word if word in ("x", "y", "z") else glued
        if letter:
            return "xyz".index(letter), word
    # "Accel Channel 0", "1", "2": the last word of a board that counts its axes from zero.
    if words[-1] in ("0", "1", "2") and "channel" in words:
        return int(words[-1]), words[-1]
    return None, ""
