"""A model is plain numbers: trees over event features, with their preprocessing.

The file is JSON. Nothing in it is executed; whatever it holds, loading ends in a model or in a
:class:`ModelError`. A trained model is a new file, not new code. Evaluation is one row at a time
in plain floats, so one row and many rows give the same bits.

Layout (``models/README.md`` explains it for people)::

    {"format": "crampdetect-model", "format_version": 1, "name": ..., "description": ...,
     "kinds": [...],
     "variants": [{"capabilities": [...], "motion": [...], "link": "identity" | "softmax",
                   "inputs": [{"feature": ..., "transform": "identity" | "log", "missing": 0.0}],
                   "start": [...], "trees": [{"feature": [...], "threshold": [...],
                   "left": [...], "right": [...], "value": [[...]]}]}]}
"""

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crampdetect.detection.event_table import EVENT_FEATURES
from crampdetect.detection.model_schema import Variant, fail, parse_variant
from crampdetect.detection.types import KINDS, Capability, Kind, Motion
from crampdetect.errors import ModelError

__all__ = ["LARGEST_MODEL", "Model", "parse_model"]

#: Bytes; a forest of 100 trees of 31 leaves is about 0.5 MB as JSON.
LARGEST_MODEL = 4 * 1024 * 1024
#: Characters of a name; it is printed and kept with every result.
LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded model.

    Parameters
    ----------
    name, description : str
    kinds : tuple of Kind
        What the columns of a leaf mean.
    variants : tuple of Variant
        One for each capability of the recording that it can judge.
    """

    name: str
    description: str
    kinds: tuple[Kind, ...]
    variants: tuple[Variant, ...]

    def variant(self, capability: Capability, motion: Motion) -> Variant:
        """The variant for a recording.

        Fewer than three axes of acceleration have no posture and are judged as none.

        Raises
        ------
        ModelError
            The model has no variant for such a recording.
        """
        seen = "acc3" if motion == "acc3" else "none"
        for variant in self.variants:
            if capability in variant.capabilities and seen in variant.motion:
                return variant
        raise ModelError(
            f"model {self.name} has no variant for a recording with {capability} EMG "
            f"and {'3-axis' if seen == 'acc3' else 'no'} acceleration"
        )

    def probabilities(self, variant: Variant, features: Mapping[str, float]) -> dict[Kind, float]:
        """Probability of each kind for one event.

        Parameters
        ----------
        variant : Variant
        features : mapping of str to float
            By the names of ``EVENT_FEATURES``; an absent one takes the input's ``missing`` value.
        """
        row = [
            _prepare(item.transform, features.get(item.feature), item.missing)
            for item in variant.inputs
        ]
        scores = list(variant.start)
        for tree in variant.trees:
            left, right = tree.left, tree.right
            feature, threshold = tree.feature, tree.threshold
            node = 0
            while left[node] >= 0:
                node = left[node] if row[feature[node]] < threshold[node] else right[node]
            for index, value in tree.parts[node]:
                scores[index] += value
        return dict(zip(self.kinds, _link(variant.link, scores), strict=True))


def _prepare(transform: str, value: float | None, missing: float) -> float:
    """Transform, and round to float32: last-bit differences between processors end here."""
    if value is None or value != value:
        return missing
    if transform == "log":
        value = math.log(max(value, 1e-12))
    limited = min(max(value, -3e38), 3e38)
    return float(struct.unpack("<f", struct.pack("<f", limited))[0])


def _link(link: str, scores: Sequence[float]) -> list[float]:
    if link == "softmax":
        top = max(scores)
        weights = [math.exp(score - top) for score in scores]
        total = math.fsum(weights)
        return [weight / total for weight in weights]
    return [min(1.0, max(0.0, score)) for score in scores]


def parse_model(text: str, source: str) -> Model:
    """Read a model.

    Parameters
    ----------
    text : str
        The JSON document.
    source : str
        What to call it in an error.

    Raises
    ------
    ModelError
        It is not a model of this format, or inconsistent.
    """
    if len(text) > LARGEST_MODEL:
        raise ModelError(f"{source}: model has {len(text)} characters; expected <= {LARGEST_MODEL}")
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{source}: not a JSON model ({error})") from error
    if not isinstance(document, dict) or document.get("format") != "crampdetect-model":
        raise ModelError(f'{source}: found no "format": "crampdetect-model"')
    version = document.get("format_version")
    if type(version) is not int or version != 1:
        raise fail(source, "format version", version, "the number 1")
    name, description = document.get("name"), document.get("description", "")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise fail(source, "name", name, f"1 to {LONGEST_NAME} printable characters")
    if not isinstance(description, str):
        raise fail(source, "description", description, "a text")
    kinds = document.get("kinds")
    if (
        not isinstance(kinds, list)
        or not all(isinstance(kind, str) and kind in KINDS for kind in kinds)
        or "cramp" not in kinds
        or len(set(kinds)) != len(kinds)
    ):
        raise fail(source, "kinds", kinds, f"different ones of {', '.join(KINDS)}, cramp included")
    variants = document.get("variants")
    if not isinstance(variants, list) or not variants:
        raise fail(source, "variants", variants, "at least one")
    parsed = tuple(
        parse_variant(variant, len(kinds), frozenset(EVENT_FEATURES), source)
        for variant in variants
    )
    return Model(name, description, tuple(kinds), parsed)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")
