"""Starting is quick, and a replay imports nothing that it does not use."""

import subprocess
import sys
import time

import pytest

from crampdetect.resources import demo_recording

#: Seconds. A bare interpreter takes 0.02; the best of five is taken, as tests run side by side.
LONGEST_START_S = 0.2
HEAVY = {"numpy", "scipy", "sqlalchemy", "matplotlib", "pandas", "sklearn", "alembic", "mne"}


def run(*argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "crampdetect", *argv], capture_output=True, text=True, check=True
    )


def imported_by(*argv: str) -> set[str]:
    program = (
        "import sys; from crampdetect.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *argv], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["replay", "--help"]])
def test_version_and_help_are_immediate(argv: list[str]) -> None:
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        run(*argv)
        times.append(time.perf_counter() - begin)
    assert min(times) <= LONGEST_START_S
    assert not imported_by(*argv) & HEAVY


def test_replay_imports_only_what_it_uses(tmp_path: object) -> None:
    unused = {"matplotlib", "pandas", "sklearn", "alembic", "mne", "h5py", "pyxdf", "tqdm"}
    log = f"{tmp_path}/log.sqlite"
    imported = imported_by("replay", str(demo_recording()), "--log", log)
    assert not imported & unused
    assert "numpy" in imported


def test_replay_without_a_log_imports_no_database() -> None:
    imported = imported_by("replay", "--demo", "--json", "--no-log")
    assert not imported & {"sqlalchemy", "alembic", "matplotlib", "pandas", "sklearn"}


def test_version_is_the_packages() -> None:
    from crampdetect import __version__

    assert run("--version").stdout == f"crampdetect {__version__}\n"


def test_help_of_the_program_names_every_command() -> None:
    from crampdetect.cli.commands import COMMANDS

    told = run("--help").stdout
    for name, summary in COMMANDS.items():
        assert f"{name} " in told
        assert summary.split()[0] in told
