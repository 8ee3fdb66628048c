"""The wheel, installed in a fresh environment outside the checkout, needs no checkout."""

import json
import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from crampdetect.resources import model_names

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``crampdetect`` of a fresh environment that borrows only the dependencies."""
    home = tmp_path_factory.mktemp("fresh") / "env"
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    if not python.exists():
        python = scripts / "python"
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    # A line in a .pth file adds the folder; .pth files in *that* folder, such as the one of the
    # editable install of this checkout, are not followed.
    borrowed = "\n".join(site.getsitepackages())
    (Path(found.stdout.strip()) / "dependencies.pth").write_text(borrowed, encoding="utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    subprocess.run([*install, "--no-index", str(wheel)], check=True, capture_output=True)
    return scripts / "crampdetect"


def run(command: Path, *arguments: str, cwd: Path) -> str:
    """Standard output of the installed command, run in a folder that is no checkout."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [command, *arguments], check=True, capture_output=True, text=True, cwd=cwd, env=environment
    )
    return done.stdout


def test_the_wheel_carries_models_demo_migrations_and_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "crampdetect/py.typed",
        "crampdetect/_data/models/rules-1.json",
        "crampdetect/_data/recordings/demo-night.edf",
        "crampdetect/outputs/replay.schema.json",
        "crampdetect/storage/migrations/script.py.mako",
    } <= names
    # Of models/ the models and nothing else: no report, card, table or script.
    folder = "crampdetect/_data/models/"
    assert {name for name in names if name.startswith(folder)} == {
        f"{folder}{model}.json" for model in model_names()
    }
    assert not [name for name in names if "/tests/" in name or name.startswith("tests/")]


def test_the_demo_replays_without_a_checkout(command: Path, tmp_path: Path) -> None:
    out = run(command, "replay", "--demo", "--json", "--no-log", cwd=tmp_path)
    document = json.loads(out)
    assert document["counts"]["status"] == "excerpt"
    assert str(ROOT) not in out
    log = str(tmp_path / "log.sqlite")
    assert "added" in run(command, "replay", "--demo", "--log", log, cwd=tmp_path)
    assert "already" in run(command, "replay", "--demo", "--log", log, cwd=tmp_path)
