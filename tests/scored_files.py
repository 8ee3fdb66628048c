"""Truth and result files as small as they may be, for the tests of scoring."""

import json
from pathlib import Path
from typing import Any

__all__ = ["result_document", "truth_document", "written"]


def truth_document(**changed: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "simulated": True,
        "seed": 7,
        "patient": 3,
        "duration_s": 600.0,
        "resting_uv": 2.5,
        "some_new_key": {},
        "events": [
            {"kind": "cramp", "onset_s": 100.0, "duration_s": 40.0, "level": 8.0, "new": 1},
            {"kind": "gap", "onset_s": 300.0, "duration_s": 5.0, "level": 1.0, "detail": "x"},
        ],
        **changed,
    }


def result_document(path: str = "/data/night-0007.edf", **changed: Any) -> dict[str, Any]:
    episode = {"id": "a", "kind": "cramp", "onset_s": 101.0, "duration_s": 39.0, "probability": 0.9}
    return {
        "schema": 1,
        "recording": {"path": path, "duration_s": 600.0, "start": None, "start_local": None},
        "quality": {"valid_s": 560.0},
        "episodes": [episode],
        "rejected": [{**episode, "kind": "artefact", "onset_s": 200.0, "probability": 0.1}],
        "counts": {"status": "excerpt"},
        "provenance": {"version": "0.1", "model": "m", "profile": "standard"},
        **changed,
    }


def written(path: Path, document: object) -> Path:
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path
