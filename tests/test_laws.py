"""The four laws, asked of every stage."""

import pickle
from typing import Any

import numpy as np
import pytest

import crampdetect.detection as detection_package
from crampdetect.detection.flow import Progress
from crampdetect.detection.stage import Stage
from crampdetect.detection.types import Gap
from tests.joining import joined
from tests.laws import CASES, RATE, Case, cut, run

SECONDS = 420.0


def names(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=names)
@pytest.mark.parametrize("size", [1, 7, 121, 997])
def test_law_1_splits_do_not_show(case: Case, size: int) -> None:
    seconds = 220.0 if size == 1 else SECONDS
    whole = case.items(seconds)
    parts = [part for item in whole for part in cut(item, size)]
    assert size > 7 or len(parts) > len(whole) or case.name in ("Merging", "Uniting")
    assert joined(run(case.make(), parts)) == joined(run(case.make(), whole))


@pytest.mark.parametrize("case", CASES, ids=names)
def test_law_2_memory_is_bounded(case: Case) -> None:
    sizes = []
    for seconds in (1500.0, 4500.0):
        stage = case.make()
        for item in case.items(seconds):
            stage.push(item)
        sizes.append(len(pickle.dumps(stage)))
    # A candidate that happens to be open may hold some rows; one number per window would be 48,000.
    assert sizes[1] <= sizes[0] + 20_000


@pytest.mark.parametrize("case", CASES, ids=names)
def test_law_3_input_is_neither_kept_nor_changed(case: Case) -> None:
    items, same = case.items(SECONDS), case.items(SECONDS)
    expected = joined(run(case.make(), items))
    stage, out = case.make(), list[Any]()
    for item, copy in zip(items, same, strict=True):
        before = pickle.dumps(item)
        out += pickle.loads(pickle.dumps(stage.push(copy)))  # noqa: S301 - our own bytes
        assert pickle.dumps(copy) == before or case.name == "Uniting"
        scribble(copy)
    assert joined(out + stage.flush()) == expected


def scribble(item: Any) -> None:
    """Overwrite every array of an item after it was pushed."""
    if isinstance(item, np.ndarray):
        if item.flags.writeable:
            item.fill(7)
    elif isinstance(item, tuple):
        for one in item:
            scribble(one)
    elif hasattr(item, "__dataclass_fields__"):
        for name in item.__dataclass_fields__:
            scribble(getattr(item, name))


@pytest.mark.parametrize("case", CASES, ids=names)
def test_law_3_two_runs_are_the_same(case: Case) -> None:
    assert joined(run(case.make(), case.items(SECONDS))) == joined(
        run(case.make(), case.items(SECONDS))
    )


@pytest.mark.parametrize("case", [case for case in CASES if case.fresh_after_gap], ids=names)
def test_law_4_a_gap_is_a_fresh_start(case: Case) -> None:
    items = case.items(SECONDS)
    position = next(i for i, item in enumerate(items) if isinstance(item, Gap))
    gap = items[position]
    used = case.make()
    for item in items[: position + 1]:
        used.push(item)
    fresh = case.make()
    fresh.push(Gap(gap.stream, 0, gap.stop, "missing"))
    after = items[position + 1 :]
    assert joined(run(used, after)) == joined(run(fresh, after))


def test_every_stage_is_under_the_laws() -> None:
    """A new stage must be entered in CASES."""
    tested = {type(case.make()) for case in CASES}
    assert len(detection_package.__path__) == 1
    assert set(Stage.__subclasses__()) == tested


def test_progress_is_monotone() -> None:
    case = next(case for case in CASES if case.name == "Merging")
    horizons = [
        one.horizon for one in run(case.make(), case.items(SECONDS)) if isinstance(one, Progress)
    ]
    assert horizons == sorted(horizons)
    assert RATE > 0
