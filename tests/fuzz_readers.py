"""Fuzz one reader under coverage guidance: ``python -m tests.fuzz_readers READER SECONDS FOLDER``.

Fails (non-zero) on any exception but RecordingError, and on an input that takes over 10 s.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["crampdetect.storage"]):
    from tests.readers_golden import all_formats, opener, survives

SLOWEST_SECONDS = 10


def main() -> None:
    """Fuzz until the time is up; libFuzzer ends the process."""
    module, seconds, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    (corpus / "golden").write_bytes(all_formats()[module][1])
    path = folder / "input"
    with atheris.instrument_imports(include=["crampdetect.storage"]):
        opener(module)

    def one_input(data: bytes) -> None:
        path.write_bytes(data)
        survives(module, path)

    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            f"-timeout={SLOWEST_SECONDS}",
            "-max_len=8192",
            f"-artifact_prefix={folder}/",
            "-rss_limit_mb=1500",
            str(corpus),
        ],
        one_input,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
