"""Nights to measure on: simulated by ``crampdetect simulate`` in a child, so always the same."""

import sys
from pathlib import Path

from measuring import run_child

__all__ = ["SEED", "make_night", "replay_command"]

#: Any will do; this one has cramps, movements, a toilet trip and a link loss.
SEED = 7


def make_night(folder: Path, hours: float, seed: int = SEED) -> Path:
    """Write one EMG channel at 1 kHz and three of acceleration at 100 Hz; return the EDF+."""
    out = folder / f"{hours:g}-hours"
    simulate = ["simulate", str(out), "--seed", str(seed), "--hours", str(hours)]
    run_child([sys.executable, "-m", "crampdetect", *simulate])
    return out / f"night-{seed:04d}.edf"


def replay_command(night: Path, log: Path) -> list[str]:
    """``crampdetect replay`` from the EDF to a new log, as a command."""
    # A log that holds the night already would spare the replay its writing.
    for each in log.parent.glob(f"{log.name}*"):
        each.unlink()
    replay = ["replay", str(night), "--log", str(log), "--json"]
    return [sys.executable, "-m", "crampdetect", *replay]
