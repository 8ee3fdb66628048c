"""Fuzz one decoder under coverage guidance: ``python -m tests.fuzz_decoders KIND SECONDS FOLDER``.

KIND is a key of the device catalogue. Fails (non-zero) on any exception, on a decoder that holds
more and more, and on an input that takes over 10 s.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["crampdetect.devices", "crampdetect.detection.types"]):
    from tests.decoder_fuzzing import corpus, survives

SLOWEST_SECONDS = 10


def main() -> None:
    """Fuzz until the time is up; libFuzzer ends the process."""
    kind, seconds, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    seeds = folder / "corpus"
    seeds.mkdir(exist_ok=True)
    (seeds / "night").write_bytes(corpus(kind))
    with atheris.instrument_imports(include=["crampdetect.devices"]):
        survives(kind, corpus(kind))
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            f"-timeout={SLOWEST_SECONDS}",
            "-max_len=8192",
            f"-artifact_prefix={folder}/",
            "-rss_limit_mb=1500",
            str(seeds),
        ],
        lambda data: survives(kind, data),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
