"""The portable core on a Cortex-M4F in qemu says what it says on this machine."""

import subprocess
from pathlib import Path

import pytest

from tests.firmware_golden import answers, golden, lines_of
from tests.firmware_simavr import make, require

pytestmark = pytest.mark.avr

#: Seconds; it takes about one.
PATIENCE_S = 120.0


def test_golden_packets_on_a_cortex_m4f(tmp_path: Path) -> None:
    require("arm-none-eabi-gcc", "qemu-system-arm", "make")
    make("check", "cortex", tmp_path)
    packets = golden()
    (tmp_path / "script.txt").write_text("".join(f"{line}\n" for line in lines_of(packets)))
    machine = ["qemu-system-arm", "-M", "mps2-an386", "-display", "none", "-monitor", "none"]
    machine += ["-serial", "none", "-chardev", "file,id=said,path=said.txt"]
    machine += ["-semihosting-config", "enable=on,target=native,chardev=said"]
    done = subprocess.run(
        [*machine, "-kernel", "core_cortex.elf"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "said.txt").read_text().splitlines() == answers(packets)
