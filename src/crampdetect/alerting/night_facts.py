"""What faults are told from: a few facts of a night, at one moment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crampdetect.session_night_state import NightState

__all__ = ["NightFacts", "facts_of"]


@dataclass(frozen=True, slots=True)
class NightFacts:
    """The state of a night as far as it can be in danger.

    Parameters
    ----------
    connected : bool
    silent_s : float
        Since the last data, in seconds.
    flags : frozenset of str
        What the sensor said of itself lately (`devices.status_flags`).
    judged : float or None
        Share of the last minute that could be judged, 0 to 1.
    learnt : bool
        Whether anything could be judged in this night.
    battery_percent, battery_mv : int or None
    disk_free : int or None
        Bytes where the night is kept.
    """

    connected: bool = True
    silent_s: float = 0.0
    flags: frozenset[str] = frozenset()
    judged: float | None = None
    learnt: bool = False
    battery_percent: int | None = None
    battery_mv: int | None = None
    disk_free: int | None = None


def facts_of(
    state: "NightState", began_ns: int, now_ns: int, disk_free: int | None = None
) -> NightFacts:
    """The facts of a running night.

    Parameters
    ----------
    state : NightState
    began_ns, now_ns : int
        Monotonic, in nanoseconds; before the first data silence counts from `began_ns`.
    disk_free : int or None
        Bytes where the night is kept.
    """
    heard = max(state.last_heard_ns, began_ns)
    return NightFacts(
        connected=state.connected,
        silent_s=(now_ns - heard) / 1e9,
        flags=frozenset(state.flags),
        judged=state.worn,
        learnt=state.valid_hours > 0.0,
        battery_percent=state.battery_percent,
        battery_mv=state.battery_mv,
        disk_free=disk_free,
    )
