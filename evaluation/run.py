"""The full evaluation of a model on held-out simulated nights (``make evaluate``).

Writes ``evaluation/<model>.json`` (every figure), and a line of ``evaluation/runs.tsv`` for each
set of nights of each run, whatever came out of it.
"""

import argparse
import json
import math
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from crampdetect.detection.profiles import profile
from crampdetect.learning.dataset import each
from crampdetect.learning.scoring import Night, Report, score
from crampdetect.learning.trial import Trial, load_model, run_trial
from crampdetect.storage.whole_file import whole_file
from evaluation.details import Details, details
from evaluation.held_out import SETS, digest_of, held_out

__all__ = ["COLUMNS", "main"]

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "date", "commit", "model", "sha256", "profile", "set", "nights", "cramps",
    "sensitivity_scorable", "false_alarms_per_valid_night", "with_unsure_sensitivity",
    "with_unsure_false_alarms", "unsure_per_night", "valid_share",
)  # fmt: skip
Scored = dict[str, tuple[Report, Details]]


def main() -> int:
    """Run it."""
    given = _arguments()
    load_model(str(given.model))  # refused now, not after an hour
    digest, commit = digest_of(given.model), _commit()  # of the code that runs from here on
    sets = held_out(digest, given.share)
    trials = [
        Trial(plan, str(given.model), given.profile) for plans in sets.values() for plan in plans
    ]

    def tell(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} of {len(trials)} nights", end="", file=sys.stderr, flush=True)

    nights = each(run_trial, trials, given.workers, tell)
    scored: Scored = {}
    worlds: list[Night] = []
    for name, plans in sets.items():
        of_set = [next(nights) for _ in plans]
        scored[name] = score(of_set), details(of_set)
        worlds += of_set if name in SETS else []
    given.out.mkdir(parents=True, exist_ok=True)
    told = {name: of for name, (_, of) in scored.items()} | {"all": details(worlds)}
    run = (commit, given.model.stem, digest[:12], profile(given.profile).name)
    _record(scored, given.out / "runs.tsv", run)
    _write(scored, told, given, digest)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.run", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("model", type=Path, help="the model file")
    parser.add_argument("--profile", default="standard", help="(default: standard)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the nights, for trying out; needs --out"
    )
    parser.add_argument("--out", type=Path, default=HERE, help="folder (default: this one)")
    given = parser.parse_args()
    if given.share != 1.0 and given.out.resolve() == HERE:
        parser.error("figures of a share of the nights do not belong here; expected --out DIR")
    return given


def _write(
    scored: Scored, told: dict[str, Details], given: argparse.Namespace, digest: str
) -> None:
    model, short = given.model, given.profile
    stem = model.stem if short == "standard" else f"{model.stem}.{short}"
    head = {"model": model.name, "sha256": digest, "profile": profile(short).name}
    # A line for each set: the curves are long.
    parts = (
        ("sets", {name: report.to_dict() for name, (report, _) in scored.items()}),
        ("details", {name: _plain(asdict(one)) for name, one in told.items()}),
    )
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    for key, sets in parts:
        rows = ",\n ".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in sets.items())
        lines.append(f"{json.dumps(key)}: {{\n {rows}\n}}")
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    with whole_file(given.out / f"{stem}.json") as file:
        file.write(text.encode())


def _plain(value: object) -> object:
    """JSON-ready: floats to 6 significant digits, as in a report."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def _record(scored: Scored, table: Path, run: tuple[str, ...]) -> None:
    """Append to the table of all runs; what stands there is never changed."""
    now = datetime.now(tz=UTC).strftime("%Y-%m-%d %H:%M")
    lines = [] if table.exists() else ["\t".join(COLUMNS)]
    lines += ["\t".join([now, *run, name, *_row(report)]) for name, (report, _) in scored.items()]
    with table.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    print("\n".join(lines))


def _row(report: Report) -> list[str]:
    sure, both = report.cramp_only.primary, report.unsure_as_cramp.primary
    numbers = (
        report.nights.nights,
        report.nights.cramps,
        sure.sensitivity_scorable.value,
        sure.per_valid_night.value,
        both.sensitivity_scorable.value,
        both.per_valid_night.value,
        report.unsure_per_valid_night.value,
        report.nights.valid_share,
    )
    return ["" if number is None else f"{number:.4g}" for number in numbers]


def _commit() -> str:
    """The commit that was run, with a mark where files differ from it."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=HERE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
