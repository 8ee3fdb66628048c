"""``crampdetect train``: what it refuses, and that what it writes is a model."""

import json
import sys
from pathlib import Path

import pytest

from crampdetect.cli import train as train_command
from crampdetect.cli.main import main
from crampdetect.detection.model import LONGEST_NAME, parse_model


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["model.txt"], "expected a name that ends in .json"),
        (["a.json", "--real", "."], "expected both or none"),
        (["a.json", "--manifest", "x.tsv"], "expected both or none"),
        (["a.json", "--seed", "100", "--size", "quick"], "expected a seed of 0 to 99"),
        (["a.json", "--workers", "0"], "expected at least 1"),
        (["a.json", "--seed", "-1"], "no whole number"),
        (["a.json", "--name", "n" * 65, "--size", "quick"], "expected 1 to 64 printable"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(
    words: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        code = main(["train", *words])
    except SystemExit as error:
        code = int(str(error.code))
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_the_name_is_as_the_loader_has_it() -> None:
    assert train_command.LONGEST_NAME == LONGEST_NAME


def test_a_model_is_not_replaced_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "a.report.json"
    there.write_text("mine")
    assert main(["train", str(tmp_path / "a.json"), "--size", "quick"]) == 2
    assert "--force" in capsys.readouterr().err
    assert there.read_text() == "mine"


def test_without_scikit_learn_one_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("crampdetect.learning.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    assert main(["train", str(tmp_path / "a.json")]) == 1
    said = capsys.readouterr().err
    assert "pip install 'crampdetect[train]'" in said
    assert len(said.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_quick_training_writes_a_model_that_loads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "tried.json"
    assert main(["train", str(out), "--size", "quick", "--workers", "2"]) == 0
    assert "wrote" in capsys.readouterr().out
    model = parse_model(out.read_text(encoding="utf-8"), out.name)
    assert model.name == "tried"
    for capability in ("spectral", "spectral_reduced", "envelope"):
        for motion in ("acc3", "none"):
            assert model.variant(capability, motion)
    report = json.loads((tmp_path / "new" / "tried.report.json").read_text(encoding="utf-8"))
    assert set(report) == {"name", "seed", "variants", "nights"}
    assert sum(report["nights"].values()) == 14
    for told in report["variants"].values():
        assert told["cramps"] > 0
        assert told["features"]
    assert {path.name for path in out.parent.iterdir()} == {"tried.json", "tried.report.json"}
    assert (out.stat().st_mode & 0o777) == 0o600
