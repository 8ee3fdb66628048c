"""Scored events as tables of the seizure-scoring community, so that its tools can score them too.

Columns of SzCORE (Dan et al. 2024, Epilepsia, doi:10.1111/epi.18113): onset, duration, eventType,
confidence, channels, dateTime, recordingDuration. ``timescoring`` (https://pypi.org/project/
timescoring) takes such intervals; its defaults merge events less than 90 s apart and split those
longer than 300 s, which suits seizures and not cramps.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from crampdetect.errors import RecordingError
from crampdetect.learning.scoring_outcome import Compared, compare, judge
from crampdetect.learning.scoring_pairs import PairedNight
from crampdetect.learning.scoring_report import Report
from crampdetect.learning.scoring_truth_files import PROVENANCE
from crampdetect.storage.whole_file import whole_file

__all__ = ["COLUMNS", "szcore_files", "write_szcore"]

COLUMNS = (
    "onset", "duration", "eventType", "confidence", "channels", "dateTime", "recordingDuration",
)  # fmt: skip

#: Onset and duration in seconds, kind, confidence.
_Row = tuple[float, float, str, str]


def szcore_files(folder: Path, nights: Sequence[PairedNight]) -> list[Path]:
    """The files that `write_szcore` writes.

    Examples
    --------
    >>> [path.name for path in szcore_files(Path("tables"), [])]
    ['provenance.json']
    """
    names = [f"{each.night.name}.tsv" for each in nights]
    sides = [folder / side / name for side in ("reference", "hypothesis") for name in names]
    return [*sides, folder / PROVENANCE]


def write_szcore(folder: Path, nights: Sequence[PairedNight], report: Report) -> None:
    """Write ``reference/NAME.tsv`` and ``hypothesis/NAME.tsv`` of every night, as they were scored.

    True cramps are merged and without the censored ones; verdicts are ``cramp`` and ``unsure``
    without those that count neither way. A night without events has one row ``bckg`` (background).
    ``provenance.json`` says what the figures may claim.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    nights : sequence of PairedNight
    report : Report

    Raises
    ------
    RecordingError
        If a file cannot be written.

    Examples
    --------
    >>> from crampdetect.learning.scoring import score
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_szcore(folder, [], score([]))
    >>> (folder / PROVENANCE).exists()
    True
    """
    try:
        for side in ("reference", "hypothesis"):
            (folder / side).mkdir(parents=True, exist_ok=True)
        for each in nights:
            compared = compare(each.night)
            name = f"{each.night.name}.tsv"
            _write(folder / "reference" / name, _table(each, _reference(compared)))
            _write(folder / "hypothesis" / name, _table(each, _hypothesis(compared)))
        note = {"claim_level": report.claim_level, "claim": report.claim}
        _write(folder / PROVENANCE, json.dumps(note, indent=2) + "\n")
    except OSError as error:
        raise RecordingError(
            f"{folder}: the tables cannot be written ({error.strerror or error}); "
            "expected a folder that is writable and has space"
        ) from error


def _reference(compared: Compared) -> Iterator[_Row]:
    for cramp in compared.references:
        yield cramp.onset_s, cramp.duration_s, "cramp", "n/a"


def _hypothesis(compared: Compared) -> Iterator[_Row]:
    outcome = judge(compared, ("cramp", "unsure"))
    matched = {column for _, column in outcome.pairs["iou_0.2"]}
    for column in sorted(matched | set(outcome.false)):
        verdict = compared.found[column]
        yield verdict.onset_s, verdict.duration_s, verdict.kind, f"{verdict.probability:.4f}"


def _table(paired: PairedNight, rows: Iterator[_Row]) -> str:
    length = paired.night.duration_s
    start = "n/a" if paired.start is None else f"{paired.start:%Y-%m-%d %H:%M:%S}"
    lines = ["\t".join(COLUMNS)]
    for onset, duration, kind, confidence in list(rows) or [(0.0, length, "bckg", "n/a")]:
        cells = (f"{onset:.3f}", f"{duration:.3f}", kind, confidence, "n/a", start, f"{length:.3f}")
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    with whole_file(path) as file:
        file.write(text.encode())
