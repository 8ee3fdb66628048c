"""The benchmarks run and say what they should; how long things take is not tested."""

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
CONTENDERS = ("crampdetect replay", "scipy script", "BioSPPy emg", "NeuroKit2 emg")
ROW = re.compile(
    r"(?P<name>\w+ \w+) +(?P<hours>[\d.]+) +(?P<cpu>[\d.]+) +\((?P<low>[\d.]+)-(?P<high>[\d.]+)\)"
    r" +(?P<imports>[\d.]+) +(?P<beyond>[\d.]+) +(?P<per_hour>[\d.]+) +x(?P<ratio>[\d.]+)"
    r" +(?P<wall>[\d.]+) +(?P<peak>[\d.]+) +x(?P<peak_ratio>[\d.]+) +(?P<events>\d+)"
)


def benchmark(script: str, *argv: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *argv], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert re.match(r"machine: \d+ cores, .*Python 3\.\d+.*, numpy \d.*, scipy \d", done.stdout)
    return done.stdout.splitlines()


def rows(lines: list[str]) -> dict[str, dict[str, float]]:
    found = [match for line in lines if (match := ROW.fullmatch(line))]
    return {
        match["name"]: {
            key: float(text) for key, text in match.groupdict().items() if key != "name"
        }
        for match in found
    }


def left_out(lines: list[str]) -> set[str]:
    return {
        name
        for name in CONTENDERS
        if any(line.startswith(f"left out: {name} (No module named ") for line in lines)
    }


@pytest.mark.slow
def test_compare_has_a_row_for_every_contender_that_is_installed() -> None:
    lines = benchmark("compare.py", "--hours", "0.05", "--runs", "1")
    table = rows(lines)
    assert {"crampdetect replay", "scipy script"} <= set(table)
    assert set(table) | left_out(lines) == set(CONTENDERS)
    assert not set(table) & left_out(lines)
    for row in table.values():
        assert row["hours"] == 0.05
        assert row["low"] == row["cpu"] == row["high"] > 0.02
        assert row["imports"] > 0.02
        assert row["beyond"] == pytest.approx(max(row["cpu"] - row["imports"], 0.001), abs=0.011)
        assert row["wall"] > 0.02
        assert 15 < row["peak"] < 4000
    assert table["crampdetect replay"]["ratio"] == table["crampdetect replay"]["peak_ratio"] == 1


@pytest.mark.slow
def test_compare_names_every_contender_whose_library_is_missing(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False)
    folder = "Scripts" if sys.platform == "win32" else "bin"
    python = tmp_path / "bare" / folder / "python"
    lines = benchmark("compare.py", "--hours", "0.05", "--runs", "1", "--python", str(python))
    assert set(rows(lines)) == {"crampdetect replay"}
    assert left_out(lines) == set(CONTENDERS[1:])


@pytest.mark.slow
def test_a_night_of_ones_own_is_measured_and_no_night_is_refused(tmp_path: Path) -> None:
    demo = BENCHMARKS.parent / "recordings" / "demo-night.edf"
    table = rows(benchmark("compare.py", "--night", str(demo), "--runs", "1"))
    assert table["crampdetect replay"]["hours"] == table["scipy script"]["hours"] == 0.5
    assert table["crampdetect replay"]["events"] > 5
    assert table["scipy script"]["events"] > 0
    nothing = tmp_path / "none.edf"
    command = [sys.executable, str(BENCHMARKS / "compare.py"), "--night", str(nothing)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0
    assert "none.edf" in done.stderr


@pytest.mark.slow
def test_memory_compares_the_longest_night_with_the_shortest() -> None:
    lines = benchmark("memory.py", "--hours", "0.1", "0.05", "--runs", "1")
    peaks = {float(line.split()[0]): float(line.split()[1]) for line in lines if "-" in line[5:30]}
    assert set(peaks) == {0.05, 0.1}
    assert min(peaks.values()) > 30
    (ratio,) = [line for line in lines if line.startswith("ratio of 0.1 h to 0.05 h: ")]
    assert float(ratio.split()[7]) == pytest.approx(peaks[0.1] / peaks[0.05], abs=0.002)


@pytest.mark.slow
def test_simulation_measures_every_kind_of_night() -> None:
    lines = benchmark("simulation.py", "--hours", "0.08", "--runs", "1")
    table = {tuple(line.split()[:2]): line.split()[2:] for line in lines if "." in line[:6]}
    assert set(table) == {("0.01", "1"), ("0.08", "1"), ("0.08", "2")}
    assert all(float(figure) > 0 for figures in table.values() for figure in figures)
    assert any(line.startswith("aim: at most 20 s a night, measured ") for line in lines)


@pytest.mark.slow
def test_startup_measures_every_line() -> None:
    lines = benchmark("startup.py", "--runs", "1")
    table = {line[:-23].strip(): line[-23:].split() for line in lines if re.search(r"\d$", line)}
    expected = {"python -c pass", "crampdetect --version", "crampdetect replay --help"}
    assert expected | {"import crampdetect", "all that replay imports"} <= set(table)
    assert all(float(figure) > 0 for name in expected for figure in table[name])


def test_an_import_child_imports_what_the_program_did(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("def late():\n    import json.tool\n\nlate()\n")
    listing = tmp_path / "modules"
    script = str(BENCHMARKS / "loaded_modules.py")
    for action in (["record", str(listing), str(program)], ["import", str(listing)]):
        done = subprocess.run([sys.executable, script, *action], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert "json.tool" in listing.read_text().split()
    assert "only aliases: none" in done.stdout
    assert int(done.stdout.split()[0]) >= len(listing.read_text().split())
