"""``python -m crampdetect`` is the ``crampdetect`` command."""

from crampdetect.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
