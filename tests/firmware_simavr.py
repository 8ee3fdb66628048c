"""An Arduino Uno in simavr that runs our firmware, its UART on a pseudo-terminal."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from crampdetect.detection.types import Array

__all__ = [
    "ACC_ZERO_MV",
    "GAIN",
    "MIDDLE_MV",
    "MV_PER_G",
    "STEP_MV",
    "SimulatedUno",
    "make",
    "require",
]

BRIDGE = Path(__file__).resolve().parents[1] / "firmware_bridge"
#: As wired: reference 3.3 V, EMG amplified 200 times about its half, 330 mV per g (uno/main.c).
MIDDLE_MV, ACC_ZERO_MV, GAIN, MV_PER_G = 1650.0, 1650.0, 200.0, 330.0
#: One step of the 10-bit converter, in millivolts at the pin.
STEP_MV = 3300.0 / 1024.0
#: A row of voltages a millisecond, in tenths of a millivolt.
TENTHS, HIGHEST = 10.0, 65535.0
#: Starting simavr takes 0.1 s; stopping it as long.
PATIENCE_S = 20.0


def require(*tools: str) -> None:
    """Where a tool is missing: skip, but fail where CI is true."""
    missing = [one for one in tools if shutil.which(one) is None]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"found no {', '.join(missing)}; expected them where CI is true")
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")


def make(folder: str, target: str, build: Path, *settings: str) -> None:
    """Build a part of firmware_bridge into `build`."""
    command = ["make", "-s", "-C", str(BRIDGE / folder), target, f"BUILD={build}", *settings]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


class SimulatedUno:
    """Built in `folder` at once; runs between `start` and `stop`, or in a ``with`` block.

    Parameters
    ----------
    folder : Path
        For the firmware, the simulator and the voltages; a temporary one.
    speed : float
        Simulated seconds per second; 0 for as fast as it goes (then the board waits for its
        reader instead of losing bytes).
    noise_mv : float
        Standard deviation of noise at each conversion, in millivolts. Without some, steps of the
        10-bit converter (16 uV at the skin) are not dithered.
    baud : int
    """

    def __init__(
        self, folder: Path, speed: float = 1.0, noise_mv: float = 0.0, baud: int = 250_000
    ) -> None:
        require("avr-gcc", "gcc", "make")
        if not Path("/usr/include/simavr/sim_avr.h").exists():
            require("libsimavr-dev (simavr/sim_avr.h)")
        make("uno", "firmware", folder / "uno", f"BAUD={baud}")
        make("simulator", "simulator", folder / "simulator")
        self._folder = folder
        self._words = [str(speed), str(noise_mv)]
        self._boots = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self, emg_values: Array, acc_values: Array | None = None) -> str:
        """Switch it on.

        Parameters
        ----------
        emg_values : Array, shape (n,)
            At the skin, in microvolts, a value a millisecond; it starts over at its end.
        acc_values : Array, shape (n, 3), optional
            In g, as often; by default 1 g on the third axis.

        Returns
        -------
        str
            The port to open.
        """
        if self._process is not None:
            raise ValueError("the board runs; expected one that is stopped")
        path = self._folder / "voltages.bin"
        path.write_bytes(voltages(emg_values, acc_values))
        program = self._folder / "simulator" / "uno_in_simavr"
        firmware = self._folder / "uno" / "uno.elf"
        command = [str(program), str(firmware), str(path), *self._words, str(self._boots)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._boots += 1
        assert self._process.stdout is not None
        word, _, port = self._process.stdout.readline().strip().partition(" ")
        if word != "ready":
            raise RuntimeError(f"found no port but: {self.stop()}; expected 'ready'")
        return port

    def reset(self) -> None:
        """Press the reset button: the firmware starts anew, the port stays."""
        assert self._process is not None
        self._boots += 1
        self._process.send_signal(signal.SIGUSR1)

    def stop(self) -> str:
        """Switch it off (again is harmless). Returns what the simulator had to say."""
        process, self._process = self._process, None
        if process is None:
            return ""
        process.send_signal(signal.SIGTERM)
        try:
            return process.communicate(timeout=PATIENCE_S)[1].strip()
        except subprocess.TimeoutExpired:
            process.kill()
            return process.communicate()[1].strip() + " (killed)"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def voltages(emg_values: Array, acc_values: Array | None) -> bytes:
    """The simulator's file: four unsigned 16-bit numbers a millisecond."""
    count = len(emg_values)
    acc = np.tile([0.0, 0.0, 1.0], (count, 1)) if acc_values is None else acc_values
    rows = np.empty((count, 4))
    rows[:, 0] = MIDDLE_MV + emg_values * GAIN / 1000
    rows[:, 1:] = ACC_ZERO_MV + acc * MV_PER_G
    return np.clip(np.rint(rows * TENTHS), 0, HIGHEST).astype("<u2").tobytes()
