"""What reaches a person's terminal: harmless text, one-line complaints and a progress bar."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["complain", "json_printable", "printable", "progress_bar", "say", "table"]


def printable(text: str) -> str:
    r"""`text` with everything that could steer a terminal made visible.

    File and channel names come from others; an escape sequence or a right-to-left override in one
    must not rewrite what the screen says.

    Examples
    --------
    >>> printable("leg\x1b[31m.edf")
    'leg\\x1b[31m.edf'
    """
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii")
        for each in text
    )


def json_printable(text: str) -> str:
    r"""JSON `text` with the same content, safe to show: what steers a terminal becomes ``\uXXXX``.

    Examples
    --------
    >>> json_printable('"a\x9bb"')
    '"a\\u009bb"'
    """
    return "".join(
        each if each.isprintable() or each == "\n" else _json_escape(each) for each in text
    )


def say(line: str = "") -> None:
    """Print one line on stdout."""
    print(printable(line))


def complain(message: str) -> None:
    """Print one line on stderr, after what stdout already has."""
    sys.stdout.flush()
    print(f"crampdetect: {printable(message)}", file=sys.stderr, flush=True)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]], right: frozenset[int]) -> list[str]:
    """Lines of a plain table; the columns numbered in `right` are set flush right.

    Examples
    --------
    >>> table(("night", "cramps"), [("2026-03-13", "2")], right=frozenset({1}))
    ['night       cramps', '2026-03-13       2']
    """
    cells = [tuple(printable(each) for each in row) for row in [head, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return [
        "  ".join(
            text.rjust(width) if column in right else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


@contextmanager
def progress_bar(title: str, total_s: float) -> Iterator[Callable[[float], None] | None]:
    """A bar on stderr that is told the seconds of recording done; None when nobody would see it.

    Parameters
    ----------
    title : str
        Shown before the bar, e.g. the name of the file.
    total_s : float
        Length of the recording in seconds.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm  # 40 ms that a pipe need not pay

    tqdm.monitor_interval = 0  # the bar is told often enough; no thread for it
    layout = "{desc} {percentage:3.0f} %|{bar}| {elapsed}"
    with tqdm(
        total=total_s, desc=printable(title), leave=False, bar_format=layout, file=sys.stderr
    ) as bar:

        def show(done_s: float) -> None:
            bar.update(done_s - bar.n)

        yield show


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[k]:02x}{units[k + 1]:02x}" for k in range(0, len(units), 2))
