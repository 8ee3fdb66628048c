"""The checked parts of a model file."""

import reprlib
from dataclasses import dataclass, field

from crampdetect.errors import ModelError

__all__ = ["Input", "Tree", "Variant", "fail", "parse_variant"]

CAPABILITIES = ("spectral", "spectral_reduced", "envelope")
MOTIONS = ("acc3", "none")
LINKS = ("identity", "softmax")
TRANSFORMS = ("identity", "log")
#: So large that it is beyond every float32 feature, so small that no sum of scores in a file of the
#: largest size overflows.
LARGEST_NUMBER = 1e300


@dataclass(frozen=True, slots=True)
class Input:
    """One input: which feature, how it is transformed, and what stands for a missing one."""

    feature: str
    transform: str
    missing: float


@dataclass(frozen=True, slots=True)
class Tree:
    """A binary tree as arrays; ``left`` is -1 at a leaf, children come after their parent.

    ``parts`` are the values that are not zero, with their kind: most leaves speak of one kind only.
    """

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[tuple[float, ...], ...]
    parts: tuple[tuple[tuple[int, float], ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts = tuple(
            tuple((kind, score) for kind, score in enumerate(scores) if score)
            if any(scores)
            else ()
            for scores in self.value
        )
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True, slots=True)
class Variant:
    """Trees for recordings of some capabilities."""

    capabilities: tuple[str, ...]
    motion: tuple[str, ...]
    link: str
    inputs: tuple[Input, ...]
    start: tuple[float, ...]
    trees: tuple[Tree, ...]


#: Types of a number as JSON has it; a truth value is none.
PLAIN = frozenset({float, int})


def fail(source: str, what: str, found: object, expected: str) -> ModelError:
    """One sentence about a part that is not what it should be."""
    return ModelError(
        f"{source}: {what} of the model is {reprlib.repr(found)}; expected {expected}"
    )


def parse_variant(item: object, n_kinds: int, features: frozenset[str], source: str) -> Variant:
    """Check one variant of a model document.

    Raises
    ------
    ModelError
    """
    if not isinstance(item, dict):
        raise fail(source, "a variant", item, "an object")
    link = item.get("link")
    if not isinstance(link, str) or link not in LINKS:
        raise fail(source, "link", link, " or ".join(LINKS))
    inputs = tuple(_input(part, features, source) for part in _list(item, "inputs", source))
    start = _numbers(item.get("start"), "start", n_kinds, source)
    trees = tuple(
        _tree(part, len(inputs), n_kinds, source) for part in _list(item, "trees", source)
    )
    return Variant(
        _words(item, "capabilities", CAPABILITIES, source),
        _words(item, "motion", MOTIONS, source),
        link,
        inputs,
        start,
        trees,
    )


def _list(item: dict[str, object], key: str, source: str) -> list[object]:
    value = item.get(key)
    if not isinstance(value, list) or not value:
        raise fail(source, key, value, "a list")
    return value


def _words(
    item: dict[str, object], key: str, allowed: tuple[str, ...], source: str
) -> tuple[str, ...]:
    found = _list(item, key, source)
    words = tuple(word for word in found if isinstance(word, str) and word in allowed)
    if len(words) != len(found):
        raise fail(source, key, found, f"some of {', '.join(allowed)}")
    return words


def _number(value: object, what: str, source: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fail(source, what, value, "a number")
    try:
        number = float(value)
    except OverflowError as error:
        raise fail(source, what, "a number beyond floating point", "a finite number") from error
    if not abs(number) <= LARGEST_NUMBER:
        raise fail(source, what, value, f"a number of at most {LARGEST_NUMBER:g}")
    return number


def _numbers(value: object, what: str, count: int, source: str) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) != count:
        raise fail(source, what, value, f"{count} numbers")
    # A model has some hundred thousand numbers, nearly all of them plain ones.
    if all(type(part) in PLAIN and -LARGEST_NUMBER <= part <= LARGEST_NUMBER for part in value):
        return tuple(map(float, value))
    return tuple(_number(part, what, source) for part in value)


def _indices(value: object, what: str, count: int, source: str) -> tuple[int, ...]:
    parts = value if isinstance(value, list) else []
    whole = tuple(part for part in parts if isinstance(part, int) and not isinstance(part, bool))
    if len(whole) != count or len(parts) != count:
        raise fail(source, what, value, f"{count} whole numbers")
    return whole


def _input(item: object, features: frozenset[str], source: str) -> Input:
    if not isinstance(item, dict):
        raise fail(source, "an input", item, "an object")
    feature, transform = item.get("feature"), item.get("transform", "identity")
    if not isinstance(feature, str) or feature not in features:
        raise fail(source, "an input's feature", feature, "an event feature by name")
    if not isinstance(transform, str) or transform not in TRANSFORMS:
        raise fail(source, "an input's transform", transform, " or ".join(TRANSFORMS))
    return Input(feature, transform, _number(item.get("missing", 0.0), "missing", source))


def _tree(item: object, n_inputs: int, n_kinds: int, source: str) -> Tree:
    if not isinstance(item, dict):
        raise fail(source, "a tree", item, "an object")
    values = _list(item, "value", source)
    count = len(values)
    feature = _indices(item.get("feature"), "feature", count, source)
    left = _indices(item.get("left"), "left", count, source)
    right = _indices(item.get("right"), "right", count, source)
    for node in range(count):
        leaf = left[node] == -1 and right[node] == -1
        # Children after their parent: every walk ends.
        inner = node < left[node] < count and node < right[node] < count
        if not leaf and not inner:
            raise fail(source, f"children of node {node}", (left[node], right[node]), "later nodes")
        if inner and not 0 <= feature[node] < n_inputs:
            raise fail(source, f"feature of node {node}", feature[node], f"0 to {n_inputs - 1}")
    threshold = _numbers(item.get("threshold"), "threshold", count, source)
    value = tuple(_numbers(part, "value", n_kinds, source) for part in values)
    return Tree(feature, threshold, left, right, value)
