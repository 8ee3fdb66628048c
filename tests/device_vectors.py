"""The sensors' public vectors and our own golden packets, for the decoders' tests."""

import json
from pathlib import Path
from typing import Any

import pytest

from crampdetect.detection.types import Gap, Item, Samples, Status
from crampdetect.devices.decoder import Decoder
from crampdetect.link import Connected, Received

#: Public vectors beside the checkout.
VECTORS = Path(__file__).resolve().parents[2] / "shared" / "sensors" / "vectors"
GOLDEN = Path(__file__).parent / "golden" / "devices"

needs_vectors = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="the public vectors are not beside the checkout"
)


def public(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def decoded(decoder: Decoder, data: list[bytes], times_ms: list[int] | None = None) -> list[Item]:
    """Everything that a decoder makes of these deliveries; 10 ms apart unless it is said."""
    times = times_ms or [10 * k for k in range(len(data))]
    items = decoder.push(Connected(0))
    for one, at in zip(data, times, strict=True):
        items += decoder.push(Received(one, at * 1_000_000, "x"))
    return items + decoder.flush()


def values(items: list[Item], stream: str) -> list[list[float]]:
    """All rows of a stream."""
    parts = [one for one in items if isinstance(one, Samples) and one.stream == stream]
    return [row for part in parts for row in part.values.tolist()]


def gaps(items: list[Item], stream: str = "emg", cause: str = "lost") -> list[list[int]]:
    """Start and stop of the gaps of one cause."""
    parts = [one for one in items if isinstance(one, Gap) and one.stream == stream]
    return [[one.start, one.stop] for one in parts if one.cause == cause]


def flags(items: list[Item]) -> list[str]:
    return [one.flag for one in items if isinstance(one, Status)]
