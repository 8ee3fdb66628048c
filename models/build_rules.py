"""Write ``models/rules-1.json``: the documented rule-based model, as plain numbers.

Run ``python models/build_rules.py`` after changing a rule (and give it a new name). The rules
follow what is known of cramps and their look-alikes: sustained, not rhythmic, EMG before motion,
leg still and not upright at onset. Sources and evidence tags stand in ``models/README.md`` and
``docs/evidence.md``.
"""

import json
import struct
from pathlib import Path

KINDS = [
    "cramp",
    "limb_movement",
    "body_movement",
    "upright",
    "voluntary_hold",
    "tonic",
    "rhythmic",
    "artefact",
]
#: Value of a feature that a recording cannot show: what a plain, steady event would have.
MISSING = {
    "duration_s": 0.0,
    "duty_cycle": 1.0,
    "rhythm_index": 0.0,
    "modulation": 0.0,
    "plateau_fraction": 0.0,
    "unknown_fraction": 0.0,
    "rest_share": 0.0,
    "low_frequency_ratio": 0.0,
    "kurtosis": 0.0,
    "moving_fraction": 0.0,
    "turned_deg": 0.0,
    "upright_at_onset": 0.0,
    "upright_fraction": 0.0,
    "still_at_onset_s": 0.0,
    "longest_still_s": 0.0,
    "level_variation": 0.0,
}


class Ask:
    """One question: is `feature` at least `threshold`?"""

    def __init__(self, feature: str, threshold: float, yes: "Rule", no: "Rule") -> None:
        self.feature, self.threshold, self.yes, self.no = feature, threshold, yes, no


class Say:
    """One answer: a kind, and the probability of a cramp (a step, not calibrated)."""

    def __init__(self, kind: str, cramp: float) -> None:
        self.kind, self.cramp = kind, cramp


Rule = Ask | Say


def known(rule: Rule, doubtful: Rule) -> Rule:
    """`rule`, unless half of the event could not be judged; `doubtful` of those that last."""
    torn = Ask("duration_s", 10.0, doubtful, Say("artefact", 0.05))
    return Ask("unknown_fraction", 0.5, torn, rule)


def passing(rule: Rule, short: Rule) -> Rule:
    """`rule`, unless the tone stayed up and became the new rest, which takes two minutes.

    `short` answers for what stayed up but did not last as long (`rule` without its long cases).
    """
    stayed = Ask("duration_s", 110.0, Say("tonic", 0.1), short)
    return Ask("rest_share", 0.8, stayed, rule)


#: A pop of the electrode: spiky, and most of its raw power where motion artefact lives.
POP_OR_MOVEMENT = Ask(
    "low_frequency_ratio",
    0.75,
    Ask("kurtosis", 20.0, Say("artefact", 0.01), Say("limb_movement", 0.02)),
    Say("limb_movement", 0.02),
)
TOO_SHORT = Ask(
    "upright_at_onset",
    0.5,
    Say("upright", 0.01),
    Ask("turned_deg", 20.0, Say("body_movement", 0.01), POP_OR_MOVEMENT),
)
INTERMITTENT = Ask("moving_fraction", 0.2, Say("body_movement", 0.03), Say("limb_movement", 0.05))
STILL_FROM_THE_START = Ask(
    "duration_s",
    900.0,
    Say("tonic", 0.1),
    Ask(
        "duration_s",
        600.0,
        Say("tonic", 0.4),
        # Minutes without any movement: a sleeper in pain would stir (natural EMG: 41 s to waking).
        Ask(
            "duration_s",
            300.0,
            Ask("moving_fraction", 0.001, Say("voluntary_hold", 0.92), Say("tonic", 0.4)),
            Say("voluntary_hold", 0.92),
        ),
    ),
)
MOVED_AND_WENT_ON = Ask(
    "upright_fraction",
    0.5,
    Say("upright", 0.02),
    Ask("longest_still_s", 5.0, Say("voluntary_hold", 0.15), Say("body_movement", 0.05)),
)
MOVED_AT_THE_START = Ask(
    "longest_still_s",
    20.0,
    Ask("duration_s", 900.0, Say("tonic", 0.1), Say("voluntary_hold", 0.4)),
    MOVED_AND_WENT_ON,
)
#: The same two for what lasted less than 110 s.
SHORT_WITH_MOTION = Ask(
    "still_at_onset_s",
    8.0,
    Say("voluntary_hold", 0.92),
    Ask("longest_still_s", 20.0, Say("voluntary_hold", 0.4), MOVED_AND_WENT_ON),
)
STEADY_WITH_MOTION = Ask(
    "duty_cycle",
    0.75,
    passing(
        Ask("still_at_onset_s", 8.0, STILL_FROM_THE_START, MOVED_AT_THE_START), SHORT_WITH_MOTION
    ),
    INTERMITTENT,
)
RHYTHM_WITH_MOTION = Ask(
    "turned_deg",
    20.0,
    Say("body_movement", 0.03),
    Ask(
        "modulation",
        0.45,
        Say("rhythmic", 0.03),
        Ask("still_at_onset_s", 8.0, Say("voluntary_hold", 0.4), Say("rhythmic", 0.1)),
    ),
)
LONG_WITH_MOTION = Ask(
    "upright_at_onset",
    0.5,
    Say("upright", 0.02),
    Ask("rhythm_index", 0.5, RHYTHM_WITH_MOTION, STEADY_WITH_MOTION),
)
#: A cramp on a link that loses a little all the time must not vanish: it is doubtful.
TORN_WITH_MOTION = Ask(
    "upright_at_onset",
    0.5,
    Say("upright", 0.02),
    Ask(
        "still_at_onset_s",
        8.0,
        Ask("duty_cycle", 0.75, Say("voluntary_hold", 0.35), Say("artefact", 0.05)),
        Say("artefact", 0.05),
    ),
)
WITH_MOTION = known(Ask("duration_s", 10.0, LONG_WITH_MOTION, TOO_SHORT), TORN_WITH_MOTION)

#: Without motion a held muscle cannot be told from a cramp: "unsure" below 30 s, never above 0.65.
LONGER_THAN_A_HOLD = Ask(
    "plateau_fraction", 0.7, Say("voluntary_hold", 0.65), Say("body_movement", 0.35)
)
STEADY_WITHOUT_MOTION = Ask(
    "duration_s",
    900.0,
    Say("tonic", 0.1),
    Ask("duration_s", 30.0, LONGER_THAN_A_HOLD, Say("voluntary_hold", 0.35)),
)
SHORT_WITHOUT_MOTION = Ask("duration_s", 30.0, LONGER_THAN_A_HOLD, Say("voluntary_hold", 0.35))
LONG_WITHOUT_MOTION = Ask(
    "rhythm_index",
    0.5,
    Ask("modulation", 0.45, Say("rhythmic", 0.03), Say("voluntary_hold", 0.35)),
    Ask(
        "duty_cycle",
        0.9,
        passing(STEADY_WITHOUT_MOTION, SHORT_WITHOUT_MOTION),
        Say("body_movement", 0.05),
    ),
)
TORN_WITHOUT_MOTION = Ask(
    "duration_s",
    30.0,
    Ask("duty_cycle", 0.75, Say("voluntary_hold", 0.35), Say("artefact", 0.05)),
    Say("artefact", 0.05),
)
WITHOUT_MOTION = known(
    Ask("duration_s", 10.0, LONG_WITHOUT_MOTION, POP_OR_MOVEMENT), TORN_WITHOUT_MOTION
)


def float32(value: float) -> float:
    """Rounded as features are before they are compared, so that "at least" means it."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def flatten(root: Rule, features: list[str]) -> dict[str, list[object]]:
    """The questions as arrays, children after their parent."""
    tree: dict[str, list[object]] = {
        key: [] for key in ("feature", "threshold", "left", "right", "value")
    }

    def place(rule: Rule) -> int:
        node = len(tree["feature"])
        asked = isinstance(rule, Ask)
        tree["feature"].append(features.index(rule.feature) if isinstance(rule, Ask) else 0)
        tree["threshold"].append(float32(rule.threshold) if isinstance(rule, Ask) else 0.0)
        tree["left"].append(-1)
        tree["right"].append(-1)
        tree["value"].append([0.0] * len(KINDS) if asked else leaf(rule))
        if isinstance(rule, Ask):
            tree["left"][node] = place(rule.no)
            tree["right"][node] = place(rule.yes)
        return node

    place(root)
    return tree


def leaf(rule: Rule) -> list[float]:
    """Probability by kind."""
    if not isinstance(rule, Say):
        raise TypeError("a question has no leaf")
    values = [0.0] * len(KINDS)
    values[0] = rule.cramp
    values[KINDS.index(rule.kind)] += round(1.0 - rule.cramp, 6)
    return values


def asked_features(rule: Rule) -> set[str]:
    """The features that the rules ask about."""
    if isinstance(rule, Say):
        return set()
    return {rule.feature} | asked_features(rule.yes) | asked_features(rule.no)


def variant(root: Rule, motion: str) -> dict[str, object]:
    """One variant of the model document."""
    features = sorted(asked_features(root))
    return {
        "capabilities": ["spectral", "spectral_reduced", "envelope"],
        "motion": [motion],
        "link": "identity",
        "inputs": [
            {"feature": name, "transform": "identity", "missing": MISSING[name]}
            for name in features
        ],
        "start": [0.0] * len(KINDS),
        "trees": [flatten(root, features)],
    }


def document() -> str:
    """The model file's text."""
    model = {
        "format": "crampdetect-model",
        "format_version": 1,
        "name": "rules-1",
        "description": "Documented rules: not trained, not calibrated, tried on simulation only.",
        "kinds": KINDS,
        "variants": [variant(WITH_MOTION, "acc3"), variant(WITHOUT_MOTION, "none")],
    }
    return json.dumps(model, indent=1) + "\n"


if __name__ == "__main__":
    (Path(__file__).parent / "rules-1.json").write_text(document(), encoding="utf-8")
