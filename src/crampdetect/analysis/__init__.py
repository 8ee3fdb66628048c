"""Nights, counts and rates: pure functions over the log."""
