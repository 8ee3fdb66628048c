"""The command, from simulated nights to figures."""

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from crampdetect.cli.main import main

Capture = pytest.CaptureFixture[str]
SCHEMA = json.loads((files("crampdetect.outputs") / "evaluate.schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights of 10 minutes."""
    folder = tmp_path_factory.mktemp("nights")
    length = ["--hours", "0.1666667", "--rate", "250", "--cramps-per-night", "90"]
    assert main(["simulate", str(folder), "--nights", "2", "--seed", "7", *length]) == 0
    return folder


@pytest.fixture(scope="module")
def results(nights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What replay prints of them."""
    recordings = sorted(str(path) for path in nights.glob("night-*.?df"))
    path = tmp_path_factory.mktemp("results") / "results.json"
    with pytest.MonkeyPatch.context() as patch, path.open("w", encoding="utf-8") as file:
        patch.setattr("sys.stdout", file)
        assert main(["replay", *recordings, "--json", "--no-log"]) == 0
    return path


def test_simulate_replay_evaluate(
    nights: Path, results: Path, tmp_path: Path, capsys: Capture
) -> None:
    made = [tmp_path / name for name in ("e.png", "e.json", "tables")]
    outputs = ["--plot", str(made[0]), "--json", str(made[1]), "--tsv", str(made[2])]
    command = ["evaluate", str(nights), str(results), *outputs]
    assert main(command) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.startswith("Simulation figures")
    assert "2 nights of 2 patients, 0 of them valid" in told.out
    assert "detector: " in told.out
    document = json.loads(made[1].read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["claim_level"] == "simulation"
    assert made[0].read_bytes().startswith(b"\x89PNG")
    names = {path.relative_to(made[2]).as_posix() for path in made[2].rglob("*.*")}
    assert names == {"provenance.json"} | {
        f"{side}/night-{k:04d}.tsv" for side in ("reference", "hypothesis") for k in (7, 8)
    }
    # nothing is replaced unasked, and --force gives the same bytes
    before = made[1].read_bytes()
    assert main(command) == 2
    assert "exists; expected a new name, or --force" in capsys.readouterr().err
    assert main([*command[:3], "--tsv", str(made[2])]) == 2
    assert main([*command, "--force"]) == 0
    assert made[1].read_bytes() == before


def test_json_alone_is_the_document_alone(nights: Path, results: Path, capsys: Capture) -> None:
    assert main(["evaluate", str(nights), str(results), "--seed", "3", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["seed"]) == (1, 3)


def test_one_truth_and_one_result(nights: Path, results: Path, tmp_path: Path) -> None:
    first = json.loads(results.read_text())[0]
    alone = tmp_path / "any name.json"
    alone.write_text(json.dumps(first))
    assert main(["evaluate", str(nights / "night-0007.truth.json"), str(alone)]) == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--plot", "a.gif"], "expected .png, .pdf, .svg or a folder"),
        (["--plot", "gone/a.png"], "gone is no folder"),
        (["--json", "."], "is a folder; expected the name of a file"),
        (["--tsv", __file__], "is a file; expected a folder for the tables"),
    ],
)
def test_wrong_targets_are_refused_before_the_work(
    nights: Path, results: Path, more: list[str], words: str, capsys: Capture
) -> None:
    assert main(["evaluate", str(nights), str(results), *more]) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_an_unmatched_night_is_one_sentence(
    nights: Path, results: Path, tmp_path: Path, capsys: Capture
) -> None:
    one = tmp_path / "one.json"
    one.write_text(json.dumps(json.loads(results.read_text())[:1]))
    assert main(["evaluate", str(nights), str(one)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        "crampdetect: no result is of night-0008; expected a result for each truth, named like it\n"
    )
    assert main(["evaluate", str(nights), str(tmp_path / "gone.json")]) == 2
    assert main(["evaluate", str(tmp_path / "gone"), str(results)]) == 2
