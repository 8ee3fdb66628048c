"""The one line that a running night shows on a terminal."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING

from crampdetect.cli.terminal import printable

if TYPE_CHECKING:
    from crampdetect.session_night_state import NightState

__all__ = ["LiveLine", "status_text"]

#: Share of the last minute that must be judged for "worn".
WORN_SHARE = 0.5


def status_text(state: "NightState", now: datetime, empty: datetime | None) -> str:
    """Time, worn, link, level of the last minute, episodes so far, battery.

    Parameters
    ----------
    state : NightState
    now : datetime
        In the wearer's zone.
    empty : datetime or None
        When the battery will be empty, in the same zone.
    """
    parts = [f"{now:%H:%M:%S}", _worn(state), _link(state)]
    if state.level is not None:
        parts.append(f"level {state.level:.1f} x rest")
    cramps = f"{state.cramps} cramp{'' if state.cramps == 1 else 's'}"
    parts.append(cramps + (f", {state.unsure} unsure" if state.unsure else ""))
    if state.marks:
        parts.append(f"{state.marks} felt")
    if state.lasting is not None:
        parts.append("A CRAMP SEEMS TO BE GOING ON")
    parts.append(_battery(state, empty))
    return " | ".join(part for part in parts if part)


def _worn(state: "NightState") -> str:
    if state.worn is None:
        return "starting"
    if "lead_off" in state.flags:
        return "ELECTRODE OFF"
    if state.worn >= WORN_SHARE:
        return "worn"
    return "learning your rest" if state.valid_hours == 0.0 else "NO GOOD SIGNAL"


def _link(state: "NightState") -> str:
    if not state.connected:
        return "NO LINK, trying"
    quality = state.quality
    received = quality.received.get("emg", 0)
    lost = quality.lost.get("emg", 0)
    share = 100.0 * lost / (received + lost) if received + lost else 0.0
    return f"lost {share:.1f} %"


def _battery(state: "NightState", empty: datetime | None) -> str:
    if empty is not None:
        return f"battery until about {empty:%H:%M}"
    if state.battery_percent is not None:
        return f"battery {state.battery_percent} %"
    return "" if state.battery_mv is None else f"battery {state.battery_mv / 1000:.2f} V"


class LiveLine:
    """Rewrites one line on a terminal; silent in a pipe."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Replace the line."""
        if self._shown:
            print(f"\r\x1b[K{printable(text)}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Leave the line empty, for something that stays."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
