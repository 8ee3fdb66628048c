"""Persons keep their habits over their nights, and worlds differ as documented."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest

from crampdetect.simulation import (
    NightParameters,
    confounder_heavy,
    other_world,
    plan_events,
    randomised,
    simulate_night,
)
from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.person import draw_person
from crampdetect.simulation.pulses import PulsedBodyMovement, PulsedLimbMovement
from crampdetect.simulation.seeds import Seeds
from crampdetect.simulation.table import rows, simulation_page
from crampdetect.simulation.worlds import CHOICES, STRESS
from tests.streams import ROOT

#: Assumed or recalled, and still never drawn: limits of a distribution that is drawn, what only a
#: test chooses, and what is for the caller to say.
LEFT_ALONE = {
    "cramp_level_clip",
    "cramp_spectrum_clip",
    "cramp_awakening_clip_s",
    "cramp_ramp_choices_s",
    "movement_family",
    "cramp_side_share",
    "cramp_season_depth",
    "cramp_season_phase",
}


def test_the_page_is_what_the_code_makes() -> None:
    # If this fails: python -m crampdetect.simulation.table > docs/simulation.md
    assert (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8") == simulation_page()


def test_every_field_has_its_row_a_tag_and_a_range_if_it_is_a_guess() -> None:
    table = {row.name: row for row in rows()}
    assert list(table) and set(table) == {field.name for field in fields(NightParameters)}
    of_person = [row for row in table.values() if not re.match("recording|sensor", row.section)]
    assert len(of_person) > 120
    for row in of_person:
        tags = re.findall(r"\[([^\]]+)\]", row.source)
        assert tags, row
        guessed = any(re.match(r"A|R-|.*-> A|.*, A ", tag) for tag in tags)
        assert not guessed or row.worlds != "–" or row.name in LEFT_ALONE, row
    assert set(STRESS) | set(CHOICES) <= set(table)


@pytest.mark.parametrize("seed", range(24))
def test_a_world_lies_within_its_ranges_and_can_be_planned(seed: int) -> None:
    base = NightParameters(duration_s=7200.0)
    world = randomised(base, seed)
    for name, stress in STRESS.items():
        value, default = getattr(world, name), getattr(base, name)
        if stress.way in ("between", "log"):
            assert stress.low <= value <= stress.high, name
        elif stress.way == "median":
            assert stress.low <= value[0] <= stress.high, name
        elif stress.way == "ends":
            assert stress.low <= value[0] <= value[1] <= stress.high, name
        elif stress.way == "shares":
            assert sum(value) == pytest.approx(1.0), name
        elif isinstance(value, tuple):
            assert value[0] / value[1] == pytest.approx(default[0] / default[1]), name
        if name.endswith("_share"):
            assert 0.0 <= np.min(value) <= np.max(value) <= 1.0, name
    unchanged = [f.name for f in fields(base) if f.name not in STRESS and f.name not in CHOICES]
    assert all(getattr(world, name) == getattr(base, name) for name in unchanged)
    assert plan_events(world, seed) == plan_events(world, seed)


def test_regularity_says_nothing_over_worlds() -> None:
    worlds = [randomised(NightParameters(), seed) for seed in range(400)]
    cramp = np.array([world.cramp_isi_cv[0] for world in worlds])
    voluntary = np.array([world.voluntary_isi_cv[0] for world in worlds])
    assert abs(np.corrcoef(np.log(cramp), np.log(voluntary))[0, 1]) < 0.15
    assert 0.1 < np.mean(cramp < voluntary) < 0.5


def test_the_other_world_leaves_the_ranges_of_all_worlds() -> None:
    other = other_world(NightParameters())
    assert other.cramp_isi_cv == other.voluntary_isi_cv
    assert other.cramp_spectrum_scale[0] < STRESS["cramp_spectrum_scale"].low
    assert other.cramp_tremor_g[0] < STRESS["cramp_tremor_g"].low
    assert other.cramp_awakening_s[0] < STRESS["cramp_awakening_s"].low
    assert other.cramp_tilt_sd_deg < STRESS["cramp_tilt_sd_deg"].low
    assert other.cramp_unit_active_s > STRESS["cramp_unit_active_s"].high
    given = replace(other, cramps_per_night=8.0)
    cramps = [e for seed in range(60) for e in plan_events(given, seed) if isinstance(e, Cramp)]
    assert len(cramps) > 100
    assert {round(cramp.ramp_s, 1) for cramp in cramps if cramp.duration_s > 60} == {0.3, 15.0}
    assert {cramp.tremor_g for cramp in cramps} == {0.0}
    silent = np.mean(["reaction none" in cramp.detail for cramp in cramps])
    assert silent == pytest.approx(0.5, abs=0.1)
    events = plan_events(other, 1)
    moving = [e for e in events if e.detail in ("large movement", "isolated movement")]
    assert moving and all(isinstance(e, PulsedBodyMovement | PulsedLimbMovement) for e in moving)


def test_a_night_full_of_look_alikes_has_two_or_three_times_as_many() -> None:
    def counts(parameters: NightParameters, words: tuple[str, ...]) -> float:
        found = [
            sum(event.detail.startswith(words) for event in plan_events(parameters, seed))
            for seed in range(60)
        ]
        return float(np.mean(found))

    default, heavy = NightParameters(), confounder_heavy(NightParameters())
    for words in (
        ("large movement", "posture shift"),
        ("isolated",),
        ("toilet",),
        ("evening stretch", "stretch session"),
        ("rhythmic", "alternating"),
        ("tonic",),
        ("single hold",),
    ):
        assert counts(heavy, words) > 1.7 * counts(default, words), words
    assert counts(heavy, ("periodic",)) > 250
    assert heavy.cramps_per_night == default.cramps_per_night


def test_nights_of_a_person_share_the_person_and_nothing_else() -> None:
    parameters = NightParameters(sweat_share=1.0)
    for seed in range(20):
        first, second = (draw_person(parameters, Seeds(seed, night)) for night in (0, 1))
        assert first.habits == second.habits
        assert first.maximal_uv == second.maximal_uv
        assert first.fasciculations_per_min == second.fasciculations_per_min
        assert first.resting_uv != second.resting_uv
        assert 0.4 < first.resting_uv / second.resting_uv < 2.5
        assert first.sweat_factor != second.sweat_factor
        assert first.roll_deg != second.roll_deg
    one, two = plan_events(parameters, 3), plan_events(parameters, 3, night=1)
    assert not set(one) & set(two)
    night = simulate_night(NightParameters(duration_s=60.0), 3, night=1)
    assert (night.truth.seed, night.truth.night) == (3, 1)
    with pytest.raises(ValueError, match="night -1"):
        plan_events(parameters, 3, night=-1)


def test_nights_in_a_row_are_alike_in_their_rate() -> None:
    parameters = NightParameters(cramp_heterogeneity=1e6)
    rates = np.array(
        [
            [draw_person(parameters, Seeds(seed, night)).cramps_per_night for night in (0, 1, 30)]
            for seed in range(600)
        ]
    )
    logs = np.log(rates)
    assert rates.mean() == pytest.approx(1.1, rel=0.05)
    assert logs.std() == pytest.approx(0.4, rel=0.1)
    assert np.corrcoef(logs.T)[0, 1] == pytest.approx(0.8, abs=0.05)
    assert abs(np.corrcoef(logs.T)[0, 2]) < 0.12
