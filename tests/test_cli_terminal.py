"""What is printed cannot steer a terminal, and a bar is shown only to somebody."""

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crampdetect.cli.main import main
from crampdetect.cli.plot_targets import plot_targets
from crampdetect.cli.terminal import json_printable, printable, progress_bar, table
from crampdetect.resources import demo_recording

HOSTILE = "\x1b]0;owned\x07\x9b31m\u202eedf\r\n\x00"
TEXTS = st.text(st.characters(), max_size=40)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@given(TEXTS)
def test_printed_text_has_nothing_that_steers(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    if text.isprintable():
        assert shown == text


def test_printable_keeps_letters_of_every_script() -> None:
    assert printable("Nächte/夜/ночь µV") == "Nächte/夜/ночь µV"


@given(st.dictionaries(TEXTS, TEXTS, max_size=5))
def test_json_says_the_same_and_steers_nothing(document: dict[str, str]) -> None:
    shown = json_printable(json.dumps(document, indent=2, ensure_ascii=False))
    assert json.loads(shown) == document
    assert shown.replace("\n", "").isprintable()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file names")
@pytest.mark.parametrize(
    "command", [["info"], ["replay", "--no-log"], ["replay", "--json", "--no-log"]]
)
def test_a_hostile_file_name_is_shown_harmless(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = tmp_path / (HOSTILE.replace("\x00", "") + ".edf")
    hostile.write_bytes(demo_recording().read_bytes())
    assert main([*command, str(hostile)]) == 0
    assert main([*command, str(hostile) + "x"]) == 2
    told = capsys.readouterr()
    for text in (told.out, told.err):
        assert text.replace("\n", "").isprintable()
    assert told.err.count("\n") == 1
    assert "owned" in told.out and "owned" in told.err


def test_no_bar_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar("night.edf", 100.0) as progress:
        assert progress is None
    assert stream.getvalue() == ""


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar("night\x1b[31m.edf", 100.0) as progress:
        if progress is None:
            raise AssertionError("a terminal has a bar")
        for done_s in (25.0, 50.0, 100.0):
            progress(done_s)
    assert "night\\x1b[31m.edf" in stream.getvalue()
    assert "%" in stream.getvalue()


def test_the_bar_does_not_touch_stdout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    assert main(["replay", "--demo", "--json", "--no-log"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == 1
    assert "demo-night.edf" in stream.getvalue()


def test_table_aligns_and_escapes() -> None:
    lines = table(("a", "n"), [("x\n", "5"), ("yyyy", "10")], frozenset({1}))
    assert lines == ["a      n", "x\\n    5", "yyyy  10"]


def test_pictures_never_share_a_file(tmp_path: Path) -> None:
    files = [Path("a/night.edf"), Path("b/night.edf"), Path("c/NIGHT.EDF")]
    targets = plot_targets(tmp_path, files)
    assert len({str(each).casefold() for each in targets}) == 3


def test_one_picture_for_one_file_in_any_case(tmp_path: Path) -> None:
    assert plot_targets(tmp_path / "a.PNG", [Path("n.edf")]) == [tmp_path / "a.PNG"]
    assert plot_targets(None, [Path("n.edf"), Path("m.edf")]) == [None, None]
