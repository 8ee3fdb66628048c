"""Train the models of all capabilities: harvest, choose, mine hard negatives, calibrate, write."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crampdetect.detection.profiles import Profile
from crampdetect.learning.boosting import Booster, Settings, boost, offered
from crampdetect.learning.choosing import CANDIDATES, calibration, choose, usual_weights
from crampdetect.learning.dataset import each, harvest_of
from crampdetect.learning.harvest import Harvest, joined
from crampdetect.learning.night_plans import DENSE, plans
from crampdetect.learning.trained_model import MODEL_KINDS, naming_tree, trained_variant
from crampdetect.learning.trees import document

__all__ = ["FULL", "QUICK", "Harvests", "Size", "Trained", "gather", "train"]

#: Told what is done and how far, 0 to 1.
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Size:
    """Nights of each role, 8 h each."""

    train: int
    mine: int
    choose: int
    calibrate: int


FULL = Size(train=264, mine=36, choose=36, calibrate=36)
#: For trying out that the way works, not for use.
QUICK = Size(train=6, mine=2, choose=3, calibrate=3)
#: Score above which a look-alike is a hard one (probability of 1 %).
HARD = float(np.log(0.01 / 0.99))
#: A look at a lasting event is one of several of its event.
LOOK_WEIGHT = 0.3
#: Real events are few, and real: each counts as three of the simulator's [A].
REAL_WEIGHT = 3.0
#: The looks that an alert within 15 s hangs on come earlier than this, in seconds.
LATE_LOOK_S = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Harvests:
    """The labelled events of every role."""

    train: Harvest
    mined: tuple[Harvest, Harvest]
    choose: Harvest
    calibrate: Harvest


@dataclass(frozen=True, slots=True)
class Trained:
    """The model file's text, and what was tried and chosen."""

    text: str
    report: dict[str, object]


@dataclass(frozen=True, slots=True)
class Spec:
    """One variant to be trained."""

    name: str
    capabilities: tuple[str, ...]
    motion: str

    @property
    def spectral(self) -> bool:
        """Whether features of the spectrum are offered."""
        return "spectral" in self.capabilities


SPECS = (
    Spec("spectral, acc3", ("spectral", "spectral_reduced"), "acc3"),
    Spec("spectral, none", ("spectral", "spectral_reduced"), "none"),
    Spec("envelope, acc3", ("envelope",), "acc3"),
    Spec("envelope, none", ("envelope",), "none"),
)


def gather(seed: int, size: Size, profile: Profile, workers: int, progress: Progress) -> Harvests:
    """Make all nights and harvest them."""

    def of(role: str, count: int) -> Harvest:
        jobs = [(plan, profile) for plan in plans(role, seed, count)]
        told = each(
            harvest_of, jobs, workers, lambda done: progress(f"{role} nights", done / count)
        )
        return joined(list(told))

    return Harvests(
        of("train", size.train),
        (of("mine", size.mine), of("mine again", size.mine)),
        of("choose", size.choose),
        of("calibrate", size.calibrate),
    )


def train(
    name: str,
    harvests: Harvests,
    seed: int,
    progress: Progress,
    real: Sequence[Harvest] = (),
    tried: Sequence[Settings] = CANDIDATES,
) -> Trained:
    """Fit all variants.

    Parameters
    ----------
    name : str
        Of the model; goes with every stored result.
    harvests : Harvests
    seed : int
    progress : callable
    real : sequence of Harvest
        Of real recordings, mixed into what is learnt from.
    tried : sequence of Settings
        Hyper-parameters to choose from.
    """
    variants, report = [], {}
    for spec in SPECS:
        variant, report[spec.name] = _variant(spec, harvests, seed, progress, real, tried)
        variants.append(variant)
    text = document(name, _MIXED if real else _SIMULATED, MODEL_KINDS, variants)
    told: dict[str, object] = {"name": name, "seed": seed, "variants": report}
    if real:
        rows = joined(real)
        told["real"] = {
            "spliced recordings": len(real),
            "persons": int(np.unique(rows.patients).shape[0]),
            "events": int(rows.ended.sum()),
        }
    return Trained(text, told)


_SIMULATED = (
    "Boosted trees over event features; learnt from and tried on simulated nights (phase 0)."
)
_MIXED = (
    "Boosted trees over event features; learnt from simulated nights and real look-alikes, tried on"
    " simulated nights (phase 0)."
)


def _variant(
    spec: Spec,
    harvests: Harvests,
    seed: int,
    progress: Progress,
    real: Sequence[Harvest],
    tried: Sequence[Settings],
) -> tuple[dict[str, object], dict[str, object]]:
    heavier = [replace(one, weights=REAL_WEIGHT * one.weights) for one in real]
    learnt = _weighted(_seen(spec, joined([harvests.train, *heavier])))
    other = _seen(spec, harvests.choose)
    features = offered(spec.spectral, spec.motion == "acc3")

    def say(what: str) -> None:
        progress(f"{spec.name}: {what}", 0.5)

    weights = usual_weights(other, DENSE)
    choice = choose(learnt, other, weights, features, seed, say, tried)
    booster = boost(learnt, choice.features, choice.settings, seed)
    mined = []
    for number, found in enumerate(harvests.mined):
        say(f"hard look-alikes, round {number + 1}")
        learnt, count = _with_hard(learnt, booster, _weighted(_seen(spec, found)))
        mined.append(count)
        booster = boost(learnt, choice.features, choice.settings, seed)
    say("calibration")
    rows = _seen(spec, harvests.calibrate)
    cramp = (rows.kinds == "cramp").astype(np.float64)
    slope, offset = calibration(booster.scores(rows), cramp, usual_weights(rows, DENSE))
    namer = naming_tree(learnt, choice.features)
    variant = trained_variant(booster, namer, (slope, offset), spec.capabilities, (spec.motion,))
    return variant, {
        "rows": len(learnt),
        "cramps": int((learnt.kinds == "cramp").sum()),
        "settings": asdict(choice.settings),
        "tried": [{"settings": one, "loss": loss} for one, loss in choice.losses],
        "features": list(choice.features),
        "dropped": [name for name in features if name not in choice.features],
        "help": choice.help,
        "loss": choice.loss,
        "hard look-alikes": mined,
        "calibration": [slope, offset],
    }


def _seen(spec: Spec, rows: Harvest) -> Harvest:
    """The rows that this variant would judge, or could with less."""
    usable: NDArray[np.bool_] = np.ones(len(rows), dtype=bool)
    if spec.spectral:
        usable &= ~np.isnan(rows.column("median_frequency"))
    if spec.motion == "acc3":
        # Three axes: motion was seen, and so was gravity.
        usable &= ~np.isnan(rows.column("still_at_onset_s")) & ~np.isnan(rows.column("turned_deg"))
    return rows.pick(usable)


def _weighted(rows: Harvest) -> Harvest:
    """Whole events count once, looks less; of late looks every fourth is enough."""
    late = ~rows.ended & (rows.column("duration_s") > LATE_LOOK_S)
    rows = rows.pick(~late | (np.arange(len(rows)) % 4 == 0))
    weights = rows.weights * np.where(rows.ended, 1.0, LOOK_WEIGHT)
    return replace(rows, weights=weights)


def _with_hard(learnt: Harvest, booster: Booster, found: Harvest) -> tuple[Harvest, int]:
    """Add the look-alikes that the booster finds hard to tell from cramps."""
    hard = (found.kinds != "cramp") & (booster.scores(found) > HARD)
    return joined([learnt, found.pick(hard)]), int(hard.sum())
