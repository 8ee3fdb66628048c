"""Write the card of a trained model: ``python models/write_card.py boosted-3``.

Reads ``models/<name>.json``, ``<name>.report.json`` and ``evaluation/<name>.json``; writes
``models/<name>.md`` and ``evaluation/<name>.png``. After `crampdetect train` and
``python -m evaluation.run``; ``make evaluate`` does both that and this.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # `evaluation` is no installed package

from evaluation.card import card, read_sources  # noqa: E402
from evaluation.card_picture import draw  # noqa: E402


def main() -> int:
    """Write card and picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", help="of a model in models/ that has a report and an evaluation")
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="for trying out")
    parser.add_argument("--evaluation", type=Path, default=ROOT / "evaluation", help="the same")
    given = parser.parse_args()
    of = read_sources(given.models / f"{given.name}.json", given.evaluation / f"{given.name}.json")
    (given.models / f"{given.name}.md").write_text(card(of), encoding="utf-8")
    draw(of.document, given.evaluation / f"{given.name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
