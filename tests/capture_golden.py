"""Makes the committed v1 capture and its listing: ``python -m tests.capture_golden``.

Never run it to make a failing test pass: what was captured once has to read for ever. A new
version of the format gets files of its own beside these.
"""

import json
from pathlib import Path

from crampdetect.link import Connected, Disconnected, LinkEvent, Received
from crampdetect.storage.capture_reader import Capture, read_capture
from crampdetect.storage.capture_writer import CaptureWriter
from tests.capture_building import HEAD, SECOND, TurnedClock, link_events

FOLDER = Path(__file__).resolve().parent / "golden" / "captures"
CAPTURE = FOLDER / "v1-night.mcap"
LISTING = FOLDER / "v1-night.json"


def make_capture(path: Path) -> None:
    """75 s: a link lost and found, a sleep of an hour, a clock set back, a mark, notes."""
    clock = TurnedClock()
    with CaptureWriter(path, HEAD, clock, durable=False) as writer:
        writer.note(clock.now, "device", "CrampLink 1.0, 4 channels")
        for event in link_events(70, clock, rate=4.0):
            writer.event(event)
        writer.mark(clock.turn(0.5), "felt (button)")
        clock.slept += 3600 * SECOND
        clock.turn(9)
        writer.tick()
        clock.utc_minus_boot -= 7 * SECOND
        writer.note(clock.turn(2), "battery", "3610 mV, 42 %")
        for event in link_events(90, clock, rate=2.0):
            writer.event(event)
        writer.close("until 07:00")


def listing(capture: Capture) -> dict[str, object]:
    """All that a capture says, as JSON."""
    head = capture.head
    return {
        "head": [head.recording_id, head.device_kind, head.device, head.timezone],
        "settings": dict(head.settings),
        "end": capture.end,
        "warnings": list(capture.warnings),
        "clock_pairs": [
            [pair.monotonic_ns, pair.utc_ns, pair.boottime_ns] for pair in capture.clock_pairs
        ],
        "marks": [[mark.monotonic_ns, mark.text] for mark in capture.marks],
        "notes": [[note.monotonic_ns, note.kind, note.value] for note in capture.notes],
        "events": [line_of(event) for event in capture.events()],
    }


def line_of(event: LinkEvent) -> list[object]:
    """One event as a row."""
    match event:
        case Received():
            return [event.monotonic_ns, "received", event.endpoint, event.data.hex()]
        case Connected():
            return [event.monotonic_ns, "connected", event.detail]
        case Disconnected():
            return [event.monotonic_ns, "disconnected", event.reason]


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    make_capture(CAPTURE)
    rows = json.dumps(listing(read_capture(CAPTURE)), ensure_ascii=False, indent=0)
    LISTING.write_text(rows + "\n", encoding="utf-8")
