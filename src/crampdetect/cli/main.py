"""Entry point: errors become one line on stderr and an exit code."""

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from crampdetect.cli.commands import load
from crampdetect.cli.parser import build_parser, command_of
from crampdetect.cli.terminal import complain
from crampdetect.errors import CrampdetectError, ModelError, RecordingError

__all__ = ["main"]

_DISK_ERRORS = {errno.ENOSPC, errno.EIO, errno.EROFS, errno.EFBIG}
if hasattr(errno, "EDQUOT"):  # not on Windows
    _DISK_ERRORS.add(errno.EDQUOT)

FAILURE = 1
BAD_INPUT = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells count it
PIPE_CLOSED = 141  # 128 + SIGPIPE: what a program gets that lets itself be ended by it


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str or None
        Arguments without the program's name; those of the process by default.

    Returns
    -------
    int
        0 done, 1 failure, 2 bad input, 130 interrupted, 141 when the reader of stdout went away.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    with _streams():
        for stream in (sys.stdout, sys.stderr):
            # A name in another encoding than the terminal's is shown escaped, not a crash.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return _guarded(lambda: _run(words))


@contextmanager
def _streams() -> Iterator[None]:
    """Write into nothing where Python has no stream: after ``>&-``, or without a console."""
    with ExitStack() as opened:
        for stream, redirect in ((sys.stdout, redirect_stdout), (sys.stderr, redirect_stderr)):
            if stream is None:
                nothing = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - of the stack
                opened.enter_context(redirect(opened.enter_context(nothing)))
        yield


def _run(words: list[str]) -> int:
    name = command_of(words)
    arguments = build_parser(name or "").parse_args(words)
    code = load(arguments.command).run(arguments)
    sys.stdout.flush()  # a full disk or a closed pipe behind stdout must show here
    return code


def _guarded(action: Callable[[], int]) -> int:
    """The exit code of `action`; one line on stderr about what ended it."""
    if os.environ.get("CRAMPDETECT_TRACEBACK"):
        return action()
    try:
        return action()
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _discard_stdout()
        return PIPE_CLOSED
    except MemoryError as error:
        what = f" ({_sentence(error)})" if error.args else ""
        complain(f"not enough memory to finish{what}; expected more of it, or a smaller task")
        return FAILURE
    except (RecordingError, ModelError, ValueError) as error:
        complain(_sentence(error))
        return FAILURE if _is_of_the_disk(error) else BAD_INPUT
    except (CrampdetectError, OSError) as error:
        complain(_sentence(error))
        return FAILURE


def _is_of_the_disk(error: Exception) -> bool:
    """Whether a file is fine and the disk that it was to be written to is not."""
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in _DISK_ERRORS


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def _discard_stdout() -> None:
    """Nobody reads stdout any more: spare the interpreter's last flush its own complaint."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
