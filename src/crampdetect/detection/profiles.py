"""Frozen, named sets of thresholds. A changed number is a new name, never an edit."""

from dataclasses import dataclass

__all__ = ["PROFILES", "Profile", "profile"]


@dataclass(frozen=True, slots=True)
class Profile:
    """Where a detector draws its lines.

    Parameters
    ----------
    name : str
        With its version, e.g. ``"standard-1"``.
    on, off : float
        Multiples of the resting level at which activity opens and below which it ends.
        Natural cramps rise to 2-6 times rest (Chaney & Sherman, n = 6; docs/evidence.md, "The
        cramp"), so the standard opens at the lower end of that [A].
    cramp, unsure : float
        Least probability of a cramp and of a doubtful case [A].
    """

    name: str
    on: float
    off: float
    cramp: float
    unsure: float


#: By the short name a person gives: the present ones. Their probabilities were chosen on the
#: nights that chose and calibrated the model, never on those that it is tried on: about 0, 0.05
#: and 0.1 false alarms a night there [A].
PROFILES: dict[str, Profile] = {
    "strict": Profile("strict-2", on=2.0, off=1.5, cramp=0.7, unsure=0.5),
    "standard": Profile("standard-2", on=2.0, off=1.5, cramp=0.35, unsure=0.2),
    "sensitive": Profile("sensitive-2", on=2.0, off=1.5, cramp=0.15, unsure=0.07),
}
#: Those that stored results name; never edited.
EARLIER: dict[str, Profile] = {
    one.name: one
    for one in (
        Profile("strict-1", on=2.5, off=1.6, cramp=0.8, unsure=0.5),
        Profile("standard-1", on=2.0, off=1.5, cramp=0.6, unsure=0.3),
        Profile("sensitive-1", on=1.7, off=1.35, cramp=0.45, unsure=0.2),
    )
}


def profile(name: str) -> Profile:
    """The profile of that short or full name.

    Raises
    ------
    ValueError
        There is none.

    Examples
    --------
    >>> profile("standard").name, profile("standard-1").cramp
    ('standard-2', 0.6)
    """
    for short, found in PROFILES.items():
        if name in (short, found.name):
            return found
    if name in EARLIER:
        return EARLIER[name]
    raise ValueError(f"profile is {name!r}; expected one of {', '.join(PROFILES)}")
