"""Schema 1 of ``replay --json``."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.detection.types import KINDS
from crampdetect.outputs.replay_document import (
    document_text,
    iso_time,
    replay_document,
    rounded_quality,
)
from crampdetect.records import Quality, Replay
from tests.test_log_examples import BERLIN, example_replay, with_recording

SCHEMA = json.loads((files("crampdetect.outputs") / "replay.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def every_kind() -> Replay:
    return replace(example_replay(kinds=KINDS), warnings=("The rest is loud.",))


def test_the_published_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "replay",
    [
        every_kind(),
        example_replay(start=None, kinds=()),
        example_replay(hours=0.5),
        with_recording(
            example_replay(start=None), start_local=datetime(2026, 5, 4, 22), path="n\udcff.edf"
        ),
    ],
)
def test_documents_fit_the_schema(replay: Replay) -> None:
    VALIDATOR.validate(json.loads(document_text([replay])))
    VALIDATOR.validate(json.loads(document_text([replay, replay])))


def test_the_schema_refuses_what_is_not_schema_1() -> None:
    good = replay_document(every_kind())
    for wrong in (
        {**good, "schema": 2},
        {**good, "extra": 1},
        {key: value for key, value in good.items() if key != "warnings"},
        {**good, "episodes": good["rejected"]},
        {**good, "counts": {**good["counts"], "status": "excerpt"}},  # type: ignore[dict-item]
    ):
        assert not VALIDATOR.is_valid(wrong)


def test_keys_come_in_the_published_order() -> None:
    document = json.loads(document_text([every_kind()]))
    assert list(document) == [
        "schema", "recording", "quality", "episodes", "rejected", "counts", "provenance",
        "warnings",
    ]  # fmt: skip
    assert list(document["recording"]) == [
        "id", "path", "format", "start", "start_local", "duration_s", "signals",
    ]  # fmt: skip
    assert list(document["episodes"][0]) == [
        "id", "kind", "onset_s", "duration_s", "onset", "probability", "reasons", "measures",
    ]  # fmt: skip


def test_values_are_as_the_page_says() -> None:
    replay = every_kind()
    first = replace(replay.episodes[0], measures={"ratio": 1 / 3, "count": 3}, onset_s=1.0004999)
    document = json.loads(document_text([replace(replay, episodes=(first, *replay.episodes[1:]))]))
    assert document["recording"]["start"] == "2026-05-04T22:30:00.000+02:00"
    assert document["recording"]["start_local"] == "2026-05-04T22:30:00.000"
    assert document["recording"]["signals"][1] == {
        "stream": "acc",
        "channels": ["X", "Y", "Z"],
        "sampling_frequency": 148.148148,
        "unit": "g",
        "capability": "acc3",
        "notes": [],
    }
    assert [each["kind"] for each in document["episodes"]] == ["cramp", "unsure"]
    assert [each["kind"] for each in document["rejected"]] == list(KINDS[2:])
    assert document["episodes"][0]["measures"] == {"ratio": 0.333333, "count": 3.0}
    assert document["episodes"][0]["onset_s"] == 1.0
    assert document["episodes"][0]["onset"] == "2026-05-04T22:40:00.125+02:00"
    assert document["counts"] == {
        "cramps": 1,
        "unsure": 1,
        "per_valid_hour": 0.131579,
        "status": "ok",
    }
    assert document["provenance"] == {
        "version": "0.1.0",
        "model": "rules-1",
        "profile": "standard",
        "config_hash": "standard-1",
    }
    assert document["warnings"] == ["The rest is loud."]


def test_one_is_a_document_and_several_are_a_list() -> None:
    one = every_kind()
    assert json.loads(document_text([one]))["schema"] == 1
    assert len(json.loads(document_text([one, one]))) == 2
    assert json.loads(document_text([one], as_list=True)) == [json.loads(document_text([one]))]
    with pytest.raises(ValueError, match="2 replays do not fit"):
        document_text([one, one], as_list=False)


def test_the_same_replay_gives_the_same_ascii_bytes() -> None:
    named = with_recording(every_kind(), path="nächte/1.edf")
    text = document_text([named])
    assert text == document_text([named])
    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text)["recording"]["path"] == "nächte/1.edf"


def test_what_is_no_number_is_not_written() -> None:
    replay = every_kind()
    with pytest.raises(ValueError, match="JSON compliant"):
        document_text([replace(replay, episodes=(replace(replay.episodes[0], onset_s=1e999),))])


@given(st.lists(st.floats(0, 50_000), min_size=6, max_size=6))
def test_rounded_quality_sums_exactly(parts: list[float]) -> None:
    rounded = rounded_quality(Quality(*parts), sum(parts))
    assert sum(round(value * 1000) for value in rounded.values()) == round(sum(parts) * 1000)
    assert list(rounded) == list(Quality.__slots__)
    for value, part in zip(rounded.values(), parts, strict=True):
        assert value >= 0
        assert abs(value - part) <= 0.004


def test_the_rest_goes_into_the_largest_part() -> None:
    thirds = Quality(valid_s=1.0004, gap_s=0.0004, mains_s=0.0004)
    assert rounded_quality(thirds, 1.0012) == {
        "valid_s": 1.001,
        "gap_s": 0.0,
        "lead_off_s": 0.0,
        "mains_s": 0.0,
        "clipped_s": 0.0,
        "warm_up_s": 0.0,
    }


def test_quality_that_misses_the_duration_is_refused() -> None:
    with pytest.raises(ValueError, match=r"miss the duration of 100\.5 s by 0\.5 s"):
        rounded_quality(Quality(valid_s=100.0), 100.5)


def test_times_are_rounded_not_cut() -> None:
    moment = datetime(2026, 12, 31, 23, 59, 59, 999_600, tzinfo=BERLIN)
    assert iso_time(moment) == "2027-01-01T00:00:00.000+01:00"
    odd = datetime(2026, 1, 1, 0, 0, 0, 400, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert iso_time(odd) == "2026-01-01T00:00:00.000+05:45"
    assert iso_time(None) is None
