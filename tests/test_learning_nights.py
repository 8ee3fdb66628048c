"""Which nights are made for what, and what is harvested from one."""

from dataclasses import replace

import numpy as np
import pytest

from crampdetect.detection.profiles import profile
from crampdetect.learning.dataset import each, harvest_of
from crampdetect.learning.harvest import Harvest, harvest, joined
from crampdetect.learning.night_plans import (
    FIRST_TEST_PERSON,
    ROLES,
    NightPlan,
    make_night,
    plans,
    seeds_from_digest,
)
from crampdetect.simulation import NightParameters, scripted_night
from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import BodyMovement, LimbMovement

STANDARD = profile("standard")
EVENTS: list[Event] = [
    LimbMovement(onset_s=150, duration_s=3, level=20, motion_g=0.3),
    Cramp(onset_s=250, duration_s=60, level=8),
    BodyMovement(onset_s=450, duration_s=15, level=20, motion_g=0.6, detail="posture shift"),
]


def of(events: list[Event]) -> Harvest:
    night = scripted_night(events, NightParameters(duration_s=600.0), 3)
    return harvest(night.signals, night.read(), night.truth.events, STANDARD, 7)


def test_events_come_with_their_labels_and_looks() -> None:
    found = of(EVENTS)
    whole = found.pick(found.ended)
    assert {"cramp", "limb_movement", "body_movement"} <= set(whole.kinds.tolist())
    cramp = whole.pick(whole.kinds == "cramp")
    assert len(cramp) == 1
    assert cramp.onsets[0] == pytest.approx(250, abs=3)
    assert (cramp.levels[0], cramp.lengths[0], cramp.patients[0]) == (8.0, 60.0, 7)
    assert cramp.column("duration_s")[0] == pytest.approx(60, abs=6)
    looks = found.pick(~found.ended & (found.kinds == "cramp"))
    assert len(looks) >= 8
    # The first look falls within 12 s of the onset, so that an alert can come in 15.
    assert looks.column("duration_s").min() < 10.0
    turned = whole.pick(whole.kinds == "body_movement")
    assert turned.details[0] == "posture shift"


def test_harvests_join_and_pick() -> None:
    one = of(EVENTS)
    both = joined([one, one])
    assert len(both) == 2 * len(one)
    assert np.array_equal(both.pick(np.arange(len(one))).features, one.features, equal_nan=True)
    with pytest.raises(ValueError, match="at least one night"):
        joined([])


def test_the_result_does_not_depend_on_the_number_of_workers() -> None:
    jobs = [(NightPlan(number, hours=0.2), STANDARD) for number in (1, 2, 3)]
    one, two = list(each(harvest_of, jobs, 1)), list(each(harvest_of, jobs, 2))
    for a, b in zip(one, two, strict=True):
        assert np.array_equal(a.features, b.features, equal_nan=True)
        assert np.array_equal(a.kinds, b.kinds)


def test_no_person_has_two_roles() -> None:
    seen: set[int] = set()
    for role in ROLES:
        for seed in (0, 1, 99):
            people = {plan.person for plan in plans(role, seed, 300)}
            assert len(people) == 300
            assert not seen & people
            seen |= people
    assert max(seen) < FIRST_TEST_PERSON <= min(seeds_from_digest("ab", 500))


def test_training_never_sees_the_second_parameterisation() -> None:
    worlds = {plan.world for role in ROLES for plan in plans(role, 0, 300)}
    assert worlds == {"default", "random", "random heavy"}


def test_test_persons_follow_from_the_model_file_alone() -> None:
    assert seeds_from_digest("ab", 5) == seeds_from_digest("ab", 9)[:5]
    assert not set(seeds_from_digest("ab", 200)) & set(seeds_from_digest("ac", 200))
    assert len(set(seeds_from_digest("ab", 1000))) == 1000


def test_a_plan_says_world_sensor_and_cramps() -> None:
    plan = NightPlan(5, world="heavy", sensor="cyton", hours=0.5, cramps_per_night=0.0)
    night = make_night(plan)
    assert night.signals[0].nominal_sampling_frequency == 250
    assert not night.truth.of_kind("cramp")
    assert night.truth != make_night(replace(plan, night=1)).truth


@pytest.mark.parametrize(("seed", "count"), [(-1, 5), (100, 5), (0, 0), (0, 10_001)])
def test_a_seed_or_count_out_of_range_is_refused(seed: int, count: int) -> None:
    with pytest.raises(ValueError, match="expected a seed of 0 to 99"):
        plans("train", seed, count)
