"""The golden packets of CrampLink, and the core's driver that is asked about them."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.firmware_simavr import BRIDGE

__all__ = ["Driver", "answers", "golden", "lines_of"]

#: Seconds in which the driver answers everything; it takes a fraction of one.
PATIENCE_S = 60.0
Entry = dict[str, Any]


def golden() -> dict[str, list[Entry]]:
    """The packets, as committed."""
    loaded: dict[str, list[Entry]] = json.loads((BRIDGE / "golden" / "packets.json").read_text())
    return loaded


class Driver:
    """The core's driver on this machine, as built by ``firmware_bridge/check``."""

    def __init__(self, program: Path) -> None:
        self._program = program

    def __call__(self, *lines: str) -> list[str]:
        """What it prints to these lines; anything a sanitizer finds fails."""
        done = subprocess.run(
            [str(self._program)],
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout.splitlines()


def hexes(data: str) -> str:
    """As the driver takes bytes."""
    return data or "-"


def lines_of(packets: dict[str, list[Entry]]) -> list[str]:
    """Every golden packet as a question to the driver."""
    out = [f"crc {one['bytes']}" for one in packets["crc"]]
    out += [f"frame {hexes(one['message'])}" for one in packets["framing"]]
    for one in packets["messages"] + packets["commands"]:
        head = f"{one['type']} {one['seq']} {one['t_us']} {one['flags']}"
        out += [f"build {head} {hexes(one['body'])}", f"frame {one['message']}"]
        out += [f"check {one['message']}"]
    out += [f"check {hexes(one['message'])}" for one in packets["rejected"]]
    out += [f"read {one['bytes']}" for one in packets["streams"]]
    return out + [one["line"] for one in packets["session"]]


def answers(packets: dict[str, list[Entry]]) -> list[str]:
    """What the driver has to say to `lines_of`; of streams, see `of_stream`."""
    out = [one["crc"] for one in packets["crc"]]
    out += [one["frame"] for one in packets["framing"]]
    for one in packets["messages"] + packets["commands"]:
        out += [one["message"], one["frame"]]
        out += [f"type {one['type']} seq {one['seq']} body {len(one['body']) // 2}"]
    out += ["no message" for _ in packets["rejected"]]
    for one in packets["streams"]:
        out += of_stream(one)
    for one in packets["session"]:
        out += one["sent"] + ([one["says"]] if "says" in one else [])
    return out


def of_stream(stream: Entry) -> list[str]:
    """Frames that the reader finds: those that are COBS and short enough, whatever their CRC."""
    return [*stream["framed"], f"broken {stream['broken']}"]
