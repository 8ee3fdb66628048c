"""The default model may not get worse: the bounds of ``evaluation/gate.json``, and no claim."""

import json
from typing import Any

import pytest
from evaluation.gate import AT_LEAST, AT_MOST, BOUNDS, PLANS, bounds, measure, worse
from evaluation.held_out import digest_of, held_out

from crampdetect.learning.night_plans import ROLES
from crampdetect.resources import model_path
from crampdetect.session import DEFAULT_MODEL

STORED: dict[str, Any] = json.loads(BOUNDS.read_text(encoding="utf-8"))
#: What to do where this file fails after a wanted change.
REWRITE = "`make gate` writes the bounds anew; its diff says what got better or worse"


@pytest.mark.slow
def test_the_default_model_is_within_its_bounds() -> None:
    measured = measure(model_path(DEFAULT_MODEL))
    there = {name: measured[name] for name in ("scorable", "strong")}
    assert there == {name: STORED["measured"][name] for name in there}, REWRITE
    assert worse(measured, STORED) == []


def test_the_bounds_are_of_the_default_model_and_no_wider_than_the_tolerance() -> None:
    assert (STORED["model"], STORED["sha256"]) == (
        DEFAULT_MODEL,
        digest_of(model_path(DEFAULT_MODEL)),
    ), REWRITE
    assert {side: STORED[side] for side in ("at_least", "at_most")} == bounds(STORED["measured"])
    counts = ("found", "alerts_in_time", "false_alarms", "unsure")
    assert [(AT_LEAST | AT_MOST)[name] for name in counts] == [1] * len(counts)


@pytest.mark.parametrize("name", [*AT_LEAST, *AT_MOST])
def test_the_gate_closes(name: str) -> None:
    step = -1 if name in AT_LEAST else 1
    room = (AT_LEAST | AT_MOST)[name]
    within = {**STORED["measured"], name: round(STORED["measured"][name] + step * room, 4)}
    assert worse(within, STORED) == []
    beyond = {**within, name: within[name] + step * 0.001}
    assert len(worse(beyond, STORED)) == 1


def test_nobody_else_meets_the_persons_of_the_gate() -> None:
    persons = {plan.person for plan in PLANS}
    assert len(persons) == len(PLANS)
    assert min(persons) >= 2_000_000_000 > max(ROLES.values()) + 1_000_000
    tried = held_out(STORED["sha256"])
    assert not persons & {plan.person for plans in tried.values() for plan in plans}
