"""Which files of the models folder are models."""

from pathlib import Path

import pytest

from crampdetect import resources
from crampdetect.errors import ModelError
from tests.streams import ROOT


def test_what_was_tried_for_a_model_is_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("one-1.json", "one-1.report.json", "two.json", "one-1.md", "table.tsv")
    for name in names:
        (tmp_path / name).touch()
    monkeypatch.setattr(resources, "_data_folder", lambda _: tmp_path)
    assert resources.model_names() == ("one-1", "two")
    assert resources.model_path("one-1") == tmp_path / "one-1.json"
    with pytest.raises(ModelError, match=r"no model named 'one-1\.report'; .* has: one-1, two"):
        resources.model_path("one-1.report")


def test_the_models_of_the_checkout_are_found() -> None:
    assert "rules-1" in resources.model_names()
    assert resources.model_path("rules-1") == ROOT / "models" / "rules-1.json"
