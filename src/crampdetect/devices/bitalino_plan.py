"""How a BITalino is wired and started: ports, commands, and what its links need."""

from crampdetect.devices.bitalino_frames import IDLE_TEXT, PORTS, start_command
from crampdetect.devices.link_plan import BlePlan, SerialPlan

__all__ = ["BLE_PLAN", "SERIAL_PLAN", "ports_of", "start_writes", "two_counts"]

#: It answers nothing to most commands and needs 0.1 to 0.15 s between them.
START_INTERVAL_S = 0.15


def start_writes(emg: str = "A1", acc: str = "A5") -> tuple[bytes, ...]:
    """Stop, version, state, 1000 Hz, live with these ports; 0.1 to 0.15 s apart."""
    muscles, motion = ports_of(emg, acc)
    return (b"\x00", b"\x07", b"\x0b", b"\xc3", start_command(muscles + motion))


def _named(ports: str) -> list[str]:
    return [one.strip() for one in ports.split(",") if one.strip()]


def ports_of(emg: str, acc: str) -> tuple[list[str], list[str]]:
    """The ports with EMG and with acceleration, as a user names them.

    Raises
    ------
    ValueError
        There is no such port, none for EMG, or one twice.
    """
    named = [*_named(emg), *_named(acc)]
    if not _named(emg) or len(_named(acc)) > 1 or len(set(named)) != len(named):
        raise ValueError(f"EMG on {emg!r}, acceleration on {acc!r}; expected different ports")
    for port in named:
        if port not in PORTS:
            raise ValueError(f"there is no port {port!r}; expected some of {', '.join(PORTS)}")
    return _named(emg), _named(acc)


def two_counts(minus_g: str, plus_g: str) -> tuple[float, float]:
    """The counts of 10 bits at -1 g and +1 g, as a user gives them.

    Raises
    ------
    ValueError
        They are no counts, or the same.
    """
    both = [float(one) if one.isdecimal() else -1.0 for one in (minus_g, plus_g)]
    if min(both) < 0 or max(both) > 1023 or both[0] == both[1]:
        found = f"{minus_g!r} and {plus_g!r}"
        raise ValueError(f"counts at -1 g and +1 g are {found}; expected two out of 0 to 1023")
    return both[0], both[1]


def _is_bitalino(heard: bytes) -> bool:
    return IDLE_TEXT in heard


SERIAL_PLAN = SerialPlan(
    baud=115200,
    start=start_writes(),
    stop=(b"\x00",),
    handshake=_is_bitalino,
    start_interval_s=START_INTERVAL_S,
)
_COMMAND = "4051eb11-bf0a-4c74-8730-a48f4193fcea"
BLE_PLAN = BlePlan(
    service="c566488a-0882-4e1b-a6d0-0b717e652234",
    notify=("40fdba6b-672e-47c4-808a-e529adff3633",),
    start=tuple((_COMMAND, one) for one in start_writes()),
    stop=((_COMMAND, b"\x00"),),
    names=("BITalino",),
    start_interval_s=START_INTERVAL_S,
)
