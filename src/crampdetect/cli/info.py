"""``crampdetect info``: what is in a recording, and what a replay would use of it."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.options import add_reading_options, read_options
from crampdetect.cli.terminal import json_printable, say

if TYPE_CHECKING:
    from crampdetect.detection.types import SignalInfo
    from crampdetect.storage.recording import RecordingFile

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect info night.edf
  crampdetect info table.csv --emg calf --rate 1000 --unit mV --json
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a recording")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    add_reading_options(parser)


def run(arguments: Namespace) -> int:
    """Print it."""
    from crampdetect.session_open import open_source

    recording = open_source(arguments.file, read_options(arguments))
    if arguments.json:
        print(json_printable(json.dumps(_document(recording), indent=2, ensure_ascii=False)))
    else:
        for line in _lines(recording):
            say(line)
    return 0


def _lines(recording: "RecordingFile") -> list[str]:
    from crampdetect.outputs.clock_times import length

    if recording.start is not None:
        start = f"{recording.start:%Y-%m-%d %H:%M:%S %Z}"
    elif recording.start_local is not None:
        start = f"{recording.start_local:%Y-%m-%d %H:%M:%S}, zone unknown (replay --timezone)"
    else:
        start = "unknown"
    lines = [
        f"{recording.path}",
        f"  format       {recording.format}",
        f"  start        {start}",
        f"  length       {length(float(recording.duration))}",
        f"  id           {recording.recording_id or 'none in the file: its content names it'}",
        f"  annotations  {len(recording.annotations)}",
        f"  channels     {', '.join(recording.channels_available)}",
    ]
    lines += [f"  would use    {_use(info)}" for info in recording.signals]
    if not any(info.stream == "acc" for info in recording.signals):
        lines.append("  no acceleration: movement and posture cannot be told")
    lines += [f"  note         {warning}" for warning in recording.warnings]
    return lines


def _use(info: "SignalInfo") -> str:
    from crampdetect.outputs.night_text import CAPABILITIES

    rate = float(info.nominal_sampling_frequency)
    text = f"{info.stream.upper()} {', '.join(info.channels)}: {rate:g} Hz, {info.unit}"
    if info.stream == "acc":
        return text if len(info.channels) == 3 else f"{text}, fewer than three axes: no posture"
    known = "" if info.amplitude_known else ", scale unknown: amplitudes only relative"
    return f"{text}, {CAPABILITIES[info.capability]}{known}"


def _document(recording: "RecordingFile") -> dict[str, object]:
    return {
        "path": str(recording.path),
        "format": recording.format,
        "recording_id": recording.recording_id,
        "start": recording.start.isoformat() if recording.start else None,
        "start_local": recording.start_local.isoformat() if recording.start_local else None,
        "duration_s": round(float(recording.duration), 3),
        "channels": list(recording.channels_available),
        "signals": [
            {
                "stream": info.stream,
                "channels": list(info.channels),
                "sampling_frequency": float(info.nominal_sampling_frequency),
                "sampling_frequency_exact": str(info.nominal_sampling_frequency),
                "unit": info.unit,
                "capability": info.capability if info.stream == "emg" else None,
            }
            for info in recording.signals
        ],
        "annotations": len(recording.annotations),
        "warnings": list(recording.warnings),
    }
