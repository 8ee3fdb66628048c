"""Draws from the distributions that the parameter table names."""

import numpy as np

__all__ = ["log_uniform", "lognormal", "lying_pitch", "poisson_gamma", "sign"]


def lognormal(
    rng: np.random.Generator,
    median_sigma: tuple[float, float],
    clip: tuple[float, float] = (0.0, float("inf")),
) -> float:
    """Draw from LN(median, sigma of the logarithm), clipped."""
    median, sigma = median_sigma
    return float(np.clip(median * np.exp(sigma * rng.standard_normal()), *clip))


def log_uniform(rng: np.random.Generator, low_high: tuple[float, float]) -> float:
    """Draw uniformly in the logarithm."""
    low, high = low_high
    return float(low * (high / low) ** rng.random())


def poisson_gamma(rng: np.random.Generator, mean: float, shape: float) -> int:
    """Draw a count whose rate is gamma distributed between persons (negative binomial)."""
    return int(rng.poisson(rng.gamma(shape, mean / shape))) if mean > 0 else 0


def sign(rng: np.random.Generator) -> float:
    """Draw -1 or 1."""
    return float(rng.choice([-1.0, 1.0]))


def lying_pitch(rng: np.random.Generator) -> float:
    """Draw the pitch of a lying shank in degrees: x stays within 0.26 g of 0 at rest [A]."""
    return float(np.clip(rng.normal(0.0, 7.0), -15.0, 15.0))
