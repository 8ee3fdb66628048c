"""What a report looks like: document, schema, text for people, picture."""

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from crampdetect.learning.scoring import Found, Night, Report, TrueEvent, score
from crampdetect.learning.scoring_tables import report_lines
from crampdetect.outputs.evaluation_plot import evaluation_figure, plot_evaluation
from tests.scored_nights import HOURS_8, cramp, found, night, nights

SCHEMA = json.loads((files("crampdetect.outputs") / "evaluate.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
GOLDEN = Path(__file__).parent / "golden" / "evaluate.txt"


def example() -> Report:
    """Two patients, two nights each: hits, misses, a false alarm, unsure, a silent night."""
    made: list[Night] = []
    for number in range(4):
        truth = [
            TrueEvent("limb_movement", 2000 + 30.0 * k, 2, 3.0, f"periodic series {k % 3}")
            for k in range(5)
        ]
        verdicts: list[Found] = [found(each.onset_s, 2, "limb_movement", 0.02) for each in truth]
        if number < 3:
            truth += [
                cramp(5000 + number, 30 + 20 * number, 2.0 + 3 * number),
                cramp(9000, 15, 1.2),
            ]
            verdicts.append(Found(5001.5 + number, 28, "cramp", 0.8 + number / 20, 5012.0))
        if number == 2:
            truth.append(TrueEvent("voluntary_hold", 15_000, 25, 6.0, "dystonic hold"))
            truth.append(TrueEvent("lead_off", 20_000, 600, 1.0, "electrode off"))
            verdicts += [found(15_001, 23, probability=0.7), found(9000, 15, "unsure", 0.5)]
        patient, valid_s = f"p{number // 2}", HOURS_8 - 700
        made.append(night(truth, verdicts, f"n{number}", patient, valid_s=valid_s))
    return score(made)


def words(figure: object) -> str:
    from matplotlib.text import Text

    return "\n".join(each.get_text() for each in figure.findobj(Text))  # type: ignore[attr-defined]


def test_the_published_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(nights())
@settings(max_examples=15)
def test_documents_fit_the_schema(made: list[Night]) -> None:
    VALIDATOR.validate(json.loads(score(made).to_json()))


def test_the_schema_refuses_what_is_not_schema_1() -> None:
    good = example().to_dict()
    VALIDATOR.validate(json.loads(json.dumps(good)))
    for wrong in ({"schema": 2}, {"extra": 1}, {"froc": None}, {"claim_level": "clinical"}):
        assert not VALIDATOR.is_valid({**good, **wrong})


def test_the_text_is_as_it_was() -> None:
    """Write it anew after a wanted change: print these lines into the file."""
    assert report_lines(example(), ["0.1 model profile"]) == GOLDEN.read_text("utf-8").splitlines()


@pytest.mark.parametrize("made", [[], [night()], [night([cramp(1000)], [], duration_s=3600)]])
def test_there_is_text_and_a_picture_of_next_to_nothing(made: list[Night]) -> None:
    report = score(made)
    assert report.claim in report_lines(report)
    assert report.claim in words(evaluation_figure(report))


def test_the_picture_says_what_it_is_of() -> None:
    told = words(evaluation_figure(example()))
    for part in (
        "SIMULATION", "Simulation figures", "100 % of 3 scorable cramps found",
        "0.25 false alarms per valid night", "4 nights (4 valid), 6 true cramps",
        "false alarms per valid night", "plateau over floor", "duration (s)", "dystonic hold",
        "Calibration", "Brier", "cramp or unsure", "exact 95 %",
    ):  # fmt: skip
        assert part in told, part


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
def test_the_same_report_gives_the_same_picture(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    for path in (first, second):
        plot_evaluation(example(), path)
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_mode & 0o777 == 0o600


def test_another_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected .png, .pdf or .svg"):
        plot_evaluation(example(), tmp_path / "a.gif")
