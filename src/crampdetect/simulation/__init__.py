"""Nights made by numbers: numpy and scipy only, deterministic by seed."""
