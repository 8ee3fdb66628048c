"""Shares and rates with their exact 95 % intervals, and resampling of patients. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, gammaincinv

__all__ = ["Rate", "Share", "clopper_pearson", "cluster_bootstrap", "poisson_interval"]

Interval = tuple[float, float]

#: Tails of a 95 % interval.
_LOW, _HIGH = 0.025, 0.975
#: Resamples: the ends of the interval then move by less than a hundredth of it with the seed.
_REPEATS = 2000


@dataclass(frozen=True, slots=True)
class Share:
    """Some of several, with the exact (Clopper-Pearson) 95 % interval.

    Parameters
    ----------
    count, of : int
    value : float or None
        None where there were none to count.
    low, high : float
        0 and 1 where there were none to count.
    bootstrap_low, bootstrap_high : float or None
        95 % interval by resampling patients, where that was done and there are at least two.
    """

    count: int
    of: int
    value: float | None
    low: float
    high: float
    bootstrap_low: float | None = None
    bootstrap_high: float | None = None

    @classmethod
    def counted(cls, count: int, of: int, bootstrap: Interval | None = None) -> "Share":
        """The share of `count` among `of`.

        Examples
        --------
        >>> Share.counted(27, 30).low > 0.7
        True
        """
        low, high = clopper_pearson(count, of)
        ends = bootstrap or (None, None)
        return cls(count, of, count / of if of else None, low, high, *ends)


@dataclass(frozen=True, slots=True)
class Rate:
    """Events per unit of exposure, with the exact (Garwood) 95 % Poisson interval.

    Parameters
    ----------
    count : int
    exposure : float
        In units, such as valid nights or spans of 8 valid hours.
    value, low, high : float or None
        None without exposure.
    """

    count: int
    exposure: float
    value: float | None
    low: float | None
    high: float | None

    @classmethod
    def counted(cls, count: int, exposure: float) -> "Rate":
        """The rate of `count` events in `exposure` units.

        Examples
        --------
        >>> Rate.counted(0, 74).high < 0.05
        True
        """
        if exposure <= 0:
            return cls(count, 0.0, None, None, None)
        low, high = poisson_interval(count)
        return cls(count, exposure, count / exposure, low / exposure, high / exposure)


def clopper_pearson(count: int, of: int) -> Interval:
    """Exact 95 % interval of a binomial share.

    References
    ----------
    Clopper and Pearson 1934, Biometrika, doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> [round(end, 4) for end in clopper_pearson(11, 11)]
    [0.7151, 1.0]
    """
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share; expected a count from 0 to the whole")
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, _LOW))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, _HIGH))
    return low, high


def poisson_interval(count: int) -> Interval:
    """Exact 95 % interval of the mean of a Poisson count.

    References
    ----------
    Garwood 1936, Biometrika, doi:10.1093/biomet/28.3-4.437.

    Examples
    --------
    >>> [round(end, 3) for end in poisson_interval(2)]
    [0.242, 7.225]
    """
    if count < 0:
        raise ValueError(f"a count of {count}; expected one from 0")
    low = 0.0 if count == 0 else float(gammaincinv(count, _LOW))
    return low, float(gammaincinv(count + 1, _HIGH))


def cluster_bootstrap(
    counts: Sequence[int], wholes: Sequence[int], clusters: Sequence[str], seed: int
) -> Interval | None:
    """95 % percentile interval of a share when whole clusters (patients) are drawn again.

    Parameters
    ----------
    counts, wholes : sequence of int, one per night
    clusters : sequence of str, one per night
        Whose night it is.
    seed : int

    Returns
    -------
    (float, float) or None
        None with fewer than two clusters that have something to count.

    References
    ----------
    Field and Welsh 2007, J R Stat Soc B, doi:10.1111/j.1467-9868.2007.00593.x.

    Examples
    --------
    >>> cluster_bootstrap([1, 1], [1, 1], ["a", "b"], seed=0)
    (1.0, 1.0)
    """
    sums: dict[str, list[int]] = {}
    for count, whole, cluster in zip(counts, wholes, clusters, strict=True):
        if whole:
            total = sums.setdefault(cluster, [0, 0])
            total[0] += count
            total[1] += whole
    if len(sums) < 2:
        return None
    table = np.array([sums[name] for name in sorted(sums)], dtype=np.float64)
    rng = np.random.default_rng(seed)
    n = len(sums)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=_REPEATS) @ table
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [_LOW, _HIGH])
    return float(low), float(high)
