"""The sketches for ESP32 and nRF52 are read by this machine's compiler, against stand-in headers.

That is all that is known of them: no toolchain of these boards was at hand.
"""

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.firmware_simavr import BRIDGE, require

SKETCHES = sorted(BRIDGE.glob("*/*/*.ino"))
#: The house's rule for a file: about 200.
MOST_LINES = 210


@pytest.mark.parametrize("sketch", SKETCHES, ids=lambda one: one.stem)
def test_a_sketch_is_valid_cpp(sketch: Path) -> None:
    require("g++")
    includes = ["check/arduino_stubs", "core/src", "boards/src"]
    command = ["g++", "-std=c++17", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-x", "c++"]
    command += [f"-I{BRIDGE / one}" for one in includes]
    done = subprocess.run([*command, str(sketch)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_both_sketches_say_that_they_never_ran() -> None:
    assert len(SKETCHES) == 2
    for sketch in SKETCHES:
        words = sketch.read_text(encoding="utf-8").replace("\n//", "").split("#include")[0]
        assert "Never compiled by its toolchain, and never run." in " ".join(words.split())


def test_the_core_needs_no_more_than_string_h() -> None:
    allowed = {"stdbool.h", "stddef.h", "stdint.h", "string.h"}
    for source in (BRIDGE / "core" / "src").iterdir():
        lines = source.read_text(encoding="utf-8").splitlines()
        included = {one.split("<")[1].rstrip(">") for one in lines if one.startswith("#include <")}
        assert included <= allowed, source.name
        assert not any(word in " ".join(lines) for word in ("malloc", "calloc", "free("))


def test_files_are_short_and_pictures_are_pictures() -> None:
    for kind in ("*.c", "*.h", "*.ino", "*.py"):
        for source in BRIDGE.rglob(kind):
            assert len(source.read_text(encoding="utf-8").splitlines()) <= MOST_LINES, source.name
    pictures = sorted((BRIDGE / "pictures").glob("*.svg"))
    guide = (BRIDGE / "README.md").read_text(encoding="utf-8")
    assert len(pictures) >= 3
    for picture in pictures:
        root = ElementTree.fromstring(picture.read_text(encoding="utf-8"))
        assert root.tag.endswith("svg")
        assert f"pictures/{picture.name}" in guide
