"""``crampdetect devices``: which sensors are near, in the air and on cables."""

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from crampdetect.cli.terminal import complain, json_printable, say, table

if TYPE_CHECKING:
    from crampdetect.devices.link_plan import BlePlan, SerialPlan
    from crampdetect.devices.transport import Found

AnyPlan = TypeVar("AnyPlan", "BlePlan", "SerialPlan")

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect devices
  crampdetect devices --seconds 10 --all --json

Sensors must be switched on, and not connected to a phone or another program. On a cable, a kind
is told by its USB adapter alone, which several kinds may share.
Exit code 1 if no way to find a sensor works here.
"""
SCHEMA = 1
#: A sensor advertises at least once in 1-2 s, and a scanner does not hear every time [A].
SCAN_S = 5.0
#: Sensors tell their battery at least every 10 s (CrampLink's STATUS).
BATTERY_S = 12.0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--seconds", metavar="S", type=_seconds, default=SCAN_S, help="how long to listen for radio"
    )
    parser.add_argument(
        "--all", action="store_true", help="also what is not recognised as a sensor"
    )
    parser.add_argument(
        "--battery",
        action="store_true",
        help="connect to every recognised sensor for some seconds to ask for its battery",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """Scan and print; 1 if neither radio nor cables could be looked at."""
    found, problems = scanned(arguments.seconds)
    shown = [each for each in found if each.kind or each.detail.startswith("could be") or
             arguments.all or each.transport == "serial"]  # fmt: skip
    batteries = _batteries(shown) if arguments.battery else {}
    if arguments.json:
        _print_json(shown, problems, batteries)
    else:
        _print_table(shown, batteries, len(found) - len(shown))
        for problem in problems:
            complain(problem.text)
    return 1 if len(problems) == len(_WAYS) else 0


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be done here, in a sentence, with the fixed word of `DeviceError`."""

    way: str
    text: str
    reason: str


def scanned(seconds: float) -> "tuple[list[Found], list[Problem]]":
    """What both transports see, and which of them cannot look here."""
    from crampdetect.errors import DeviceError

    found: list[Found] = []
    problems: list[Problem] = []
    for way, scan in _WAYS.items():
        try:
            found += scan(seconds)
        except DeviceError as error:
            problems.append(Problem(way, str(error), error.reason))
    return found, problems


def _radio(seconds: float) -> "list[Found]":
    from crampdetect.devices.ble_scan import scan
    from crampdetect.devices.link_plan import BlePlan

    return scan(seconds, _plans(BlePlan))


def _cables(seconds: float) -> "list[Found]":
    del seconds
    from crampdetect.devices.link_plan import SerialPlan
    from crampdetect.devices.serial_finding import scan

    return scan(_plans(SerialPlan))


_WAYS = {"ble": _radio, "serial": _cables}


def _plans(plan_type: type[AnyPlan]) -> dict[str, AnyPlan]:
    from crampdetect.devices.catalogue import DEVICES

    plans = {key: kind.plan for key, kind in DEVICES.items()}
    return {key: plan for key, plan in plans.items() if isinstance(plan, plan_type)}


def _print_table(found: "list[Found]", batteries: dict[str, str], left_out: int) -> None:
    from crampdetect.devices.catalogue import DEVICES

    if found:
        head = ("kind", "address", "name", "signal", "battery", "remarks")
        rows: list[tuple[str, ...]] = [
            (
                each.kind or "?",
                each.address,
                each.name,
                "-" if each.rssi is None else f"{each.rssi} dBm",
                batteries.get(each.address, "-"),
                each.detail or (DEVICES[each.kind].title if each.kind in DEVICES else ""),
            )
            for each in found
        ]
        for line in table(head, rows, right=frozenset({3, 4})):
            say(line)
    else:
        say("no sensor was found; is it switched on, near, and not connected to a phone?")
    if left_out:
        others = "another device is" if left_out == 1 else f"{left_out} other devices are"
        say(f"{others} in the air (--all shows them)")


def _print_json(found: "list[Found]", problems: list[Problem], batteries: dict[str, str]) -> None:
    document = {
        "schema": SCHEMA,
        "devices": [
            {
                "kind": each.kind or None,
                "address": each.address,
                "name": each.name,
                "transport": each.transport,
                "rssi_dbm": each.rssi,
                "battery": batteries.get(each.address),
                "detail": each.detail,
            }
            for each in found
        ],
        "problems": [
            {"transport": each.way, "reason": each.reason, "text": each.text} for each in problems
        ],
    }
    print(json_printable(json.dumps(document, indent=2, ensure_ascii=False)))


def _batteries(found: "list[Found]") -> dict[str, str]:
    """What each recognised sensor says of its battery, by address."""
    return {each.address: text for each in found if each.kind and (text := _battery(each))}


def _battery(found: "Found") -> str:
    import time

    from crampdetect.devices.ble import BleTransport
    from crampdetect.devices.catalogue import DEVICES
    from crampdetect.devices.link_plan import BlePlan
    from crampdetect.devices.serial_port import SerialTransport
    from crampdetect.session_check_listen import heard_battery
    from crampdetect.session_loop import LinkSource

    kind = DEVICES[found.kind]
    plan = kind.plan
    if plan is None:
        return ""
    source = LinkSource(
        BleTransport(plan, found.address)
        if isinstance(plan, BlePlan)
        else SerialTransport(plan, found.address)
    )
    source.start()
    try:
        millivolts, percent = heard_battery(kind.make_decoder(), source, time, BATTERY_S)
    finally:
        source.stop()
    if percent is not None:
        return f"{percent} %"
    return "" if millivolts is None else f"{millivolts / 1000:.2f} V"


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.5 <= seconds <= 120.0:
        raise ArgumentTypeError(f"{text!r} is no time to scan; expected 0.5 to 120 seconds")
    return seconds
