"""The full evaluation of a committed model; see run.py."""
