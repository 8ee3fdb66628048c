"""What goes wrong is one line on stderr and the right exit code."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from crampdetect.cli import main as main_module
from crampdetect.cli.main import main
from crampdetect.cli.parser import build_parser
from crampdetect.detection.profiles import EARLIER, PROFILES
from crampdetect.errors import LogError, ModelError, RecordingError
from crampdetect.resources import demo_recording
from crampdetect.storage.log import open_log

Capture = pytest.CaptureFixture[str]
DEMO = str(demo_recording())


@pytest.fixture(autouse=True)
def nobodys_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRAMPDETECT_LOG", str(tmp_path / "default" / "log.sqlite"))
    monkeypatch.delenv("CRAMPDETECT_TIMEZONE", raising=False)
    monkeypatch.delenv("CRAMPDETECT_TRACEBACK", raising=False)


def ended(argv: list[str], capsys: Capture) -> tuple[int, str]:
    """Exit code and stderr; whatever goes wrong, stderr is one line of ours."""
    try:
        code = main(argv)
    except SystemExit as error:  # argparse leaves this way
        code = int(str(error.code))
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert told.startswith("crampdetect: ")
    return code, told


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["frobnicate"], "frobnicate"),
        ([], "COMMAND"),
        (["replay"], "no recording was given"),
        (["replay", DEMO, "--rate", "fast"], "no rate"),
        (["replay", DEMO, "--rate", "1e99999999"], "no rate"),
        (["replay", DEMO, "--rate", "1/0"], "no rate"),
        (["replay", DEMO, "--profile", "lucky"], "lucky"),
        (["convert", DEMO, "out.edf", "--profile", "standard-9"], "one of strict, standard, sens"),
        (["replay", DEMO, "--mains", "55"], "55"),
        (["replay", DEMO, "--no-log", "--again"], "--no-log"),
        (["replay", DEMO, "--no-log", "--timezone", "Mars/Olympus"], "Mars/Olympus"),
        (["replay", DEMO, "--no-log", "--emg", "nothing"], "nothing"),
        (["replay", DEMO, "--no-log", "--plot", "picture.txt"], "picture.txt"),
        (["replay", DEMO, "--no-log", "--plot", "no/such/folder/a.png"], "no/such/folder"),
        (["replay", DEMO, DEMO, "--no-log", "--plot", "a.png"], "folder"),
        (["replay", DEMO, "--log", "nosuch://host/x"], "nosuch"),
        (["replay", DEMO, "--log", ""], "empty"),
        (["info", "missing.edf"], "missing.edf"),
        (["log"], "no episode log yet"),
        (["log", "--since", "yesterday"], "yesterday"),
        (["episodes", "--kind", "hiccup"], "no episode log yet"),
        (["export", "--format", "csv", "--what", "nights", "--kind", "cramp"], "--what nights"),
        (["export"], "--format"),
        (["convert", DEMO, "out.txt"], "out.txt"),
        (["simulate", "x", "--hours", "0"], "hours"),
        (["simulate", "x", "--seed", "-1"], "-1"),
        (["doctor", "--bundle", "support.tar"], "support.tar"),
        (["replay", DEMO, "--no-log", "--model", "nobodys"], "nobodys"),
        (["replay", DEMO, "--no-log", "--unit", "bananas"], "uV, mV, V, nV or a.u."),
        (["info", DEMO, "--acc-unit", "bananas"], "g, mg or m/s^2"),
        (["info", DEMO, "--acc-unit", "a.u."], "g, mg or m/s^2"),
        (["replay", DEMO, "--no-log", "--participant", "P\x1b[2J"], "P\\x1b[2J"),
        (["replay", DEMO, "--no-log", "--side", "left\n"], "left"),
        (["replay", DEMO, "--no-log", "--muscle", "soleus\n"], "control character"),
        (["replay", DEMO, "--no-log", "--site", "mid\0calf"], "control character"),
    ],
)
def test_bad_input_is_2(argv: list[str], words: str, capsys: Capture) -> None:
    code, told = ended(argv, capsys)
    assert code == 2
    assert words in told


@pytest.mark.parametrize("name", [*PROFILES, *(one.name for one in PROFILES.values()), *EARLIER])
def test_every_profile_there_ever_was_may_be_asked_for(name: str) -> None:
    assert build_parser("replay").parse_args(["replay", DEMO, "--profile", name]).profile == name


def test_a_failure_is_1(tmp_path: Path, capsys: Capture) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"no database at all" * 100)
    code, told = ended(["log", "--log", str(broken)], capsys)
    assert code == 1 and "broken.sqlite" in told


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RecordingError("x.edf: bad"), 2),
        (ValueError("wrong"), 2),
        (ModelError("no model"), 2),
        (MemoryError("Unable to allocate 8.00 GiB"), 1),
        (LogError("locked"), 1),
        (OSError(errno.ENOSPC, "No space left on device", "x.png"), 1),
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 141),
    ],
)
def test_exit_codes(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(main_module, "_run", fail)
    monkeypatch.setattr(main_module, "_discard_stdout", lambda: None)
    assert main([]) == code
    told = capsys.readouterr().err
    assert told.count("\n") == (0 if isinstance(error, BrokenPipeError) else 1)
    assert ("not enough memory" in told) == isinstance(error, MemoryError)


def test_a_full_disk_behind_a_recording_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def fail(_: object) -> int:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as cause:
            raise RecordingError("out.edf: cannot be written") from cause

    monkeypatch.setattr(main_module, "_run", fail)
    assert main([]) == 1
    assert "out.edf" in capsys.readouterr().err


def test_a_mistake_of_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise TypeError("a mistake of ours")

    monkeypatch.setattr(main_module, "_run", fail)
    with pytest.raises(TypeError):
        main([])


def test_traceback_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRAMPDETECT_TRACEBACK", "1")
    with pytest.raises(RecordingError):
        main(["info", "missing.edf"])


if sys.platform == "linux":  # /dev/full is Linux's own

    def test_a_full_disk_behind_stdout_is_a_failure() -> None:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "crampdetect", "info", DEMO],
                stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1 and "space" in done.stderr.lower()


def test_a_reader_that_goes_away_is_no_error() -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "crampdetect", "info", DEMO],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    if running.stdout is None or running.stderr is None:
        raise AssertionError("pipes were asked for")
    running.stdout.close()
    told = running.stderr.read()
    running.stderr.close()
    assert running.wait() == 141
    assert told == ""


def test_a_failing_picture_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    from matplotlib.figure import Figure

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", fail)
    before, log = tmp_path / "night.png", str(tmp_path / "log.sqlite")
    before.write_bytes(b"an older picture")
    assert main(["replay", DEMO, "--log", log, "--plot", str(before)]) == 1
    assert before.read_bytes() == b"an older picture"
    assert not [each.name for each in tmp_path.iterdir() if each.suffix == ".part"]
    told = capsys.readouterr().err
    assert "No space left" in told and "night.png" in told
    with open_log(log) as opened:
        assert opened.nights() == []


def test_an_upgrade_creates_no_log(tmp_path: Path, capsys: Capture) -> None:
    missing = tmp_path / "folder" / "missing.sqlite"
    code, told = ended(["log", "upgrade", "--log", str(missing)], capsys)
    assert code == 2 and str(missing) in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("names", [("stdout",), ("stderr",), ("stdout", "stderr")])
@pytest.mark.parametrize("path", [DEMO, "missing.edf"])
def test_closed_descriptors_are_no_error(names: tuple[str, ...], path: str) -> None:
    # What Python makes of `>&-`, and of a program without a console on Windows.
    closing = "".join(f"sys.{name} = None; " for name in names)
    program = f"import sys; {closing}from crampdetect.cli.main import main; "
    done = subprocess.run(
        [sys.executable, "-c", program + f"sys.exit(main(['info', {path!r}]))"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == (0 if path == DEMO else 2)
    assert "Traceback" not in done.stderr
    if "stdout" in names:
        assert done.stdout == ""
