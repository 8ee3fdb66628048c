"""Numbers on the command line."""

from argparse import ArgumentTypeError

__all__ = ["whole_number"]


def whole_number(text: str) -> int:
    """A whole number from 0.

    Examples
    --------
    >>> whole_number("7")
    7
    """
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ArgumentTypeError(f"{text!r} is no whole number; expected one such as 7")
    return int(text)
