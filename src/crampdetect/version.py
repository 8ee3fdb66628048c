"""The program's version, the one place that names it."""

__all__ = ["__version__"]

__version__ = "0.1.0"
