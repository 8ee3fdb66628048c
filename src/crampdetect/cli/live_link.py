"""From what was asked or set up to a link that delivers."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from crampdetect.errors import DeviceError

if TYPE_CHECKING:
    from crampdetect.devices.decoder import Decoder
    from crampdetect.devices.device_kind import DeviceKind
    from crampdetect.devices.transport import Found
    from crampdetect.session_loop import Link, LinkSource
    from crampdetect.storage.configuration import Configuration

__all__ = ["chosen_kind", "open_link"]

#: Seconds that a radio is listened to for a sensor of which only the address is known [A].
SCAN_S = 6.0

OnState = Callable[[str, str], None]


def open_link(
    device: str,
    kind: str | None,
    configuration: "Configuration",
    on_state: OnState | None = None,
) -> "tuple[str, Decoder, LinkSource]":
    """A started link to a sensor, and its new decoder.

    Parameters
    ----------
    device : str
        Address or port, a port also as ``PORT@BAUD``; empty for any of that kind.
    kind : str or None
        Key of the catalogue; None: it is looked for.
    configuration : Configuration
    on_state : callable, optional
        Told what the link is doing: a sentence, and a fixed word.

    Raises
    ------
    ValueError
        No such kind, or an option that it does not have.
    DeviceError
        Nothing that fits was found.
    """
    from crampdetect.session_loop import LinkSource

    found = chosen_kind(device, kind)
    decoder = found.make_decoder(_options(found, configuration))
    source = LinkSource(_transport(found, device, on_state))
    source.start()
    return found.key, decoder, source


def chosen_kind(device: str, kind: str | None) -> "DeviceKind":
    """The kind that was named, else that of the sensor which a scan finds at `device`.

    Raises
    ------
    ValueError, DeviceError
        As `open_link`.
    """
    from crampdetect.devices.catalogue import DEVICES

    if kind is not None:
        if kind not in DEVICES:
            raise ValueError(
                f"the kind of sensor is {kind!r}; expected one of {', '.join(DEVICES)}"
            )
        return DEVICES[kind]
    seen = [one for one in _scanned() if one.address == device.partition("@")[0]]
    if not seen:
        raise DeviceError(
            f"no sensor was found at {device}; expected one that is switched on and near, or its "
            "--kind",
            reason="not_found",
        )
    if seen[0].kind not in DEVICES:
        raise DeviceError(
            f"what was found at {device} ({seen[0].name}) could be several kinds of sensors; "
            "expected its --kind",
            reason="wrong_device",
        )
    return DEVICES[seen[0].kind]


def _scanned() -> "list[Found]":
    from crampdetect.devices import ble, serial_port
    from crampdetect.devices.catalogue import DEVICES
    from crampdetect.devices.link_plan import BlePlan, SerialPlan

    plans = {key: kind.plan for key, kind in DEVICES.items()}
    serial = {key: plan for key, plan in plans.items() if isinstance(plan, SerialPlan)}
    radio = {key: plan for key, plan in plans.items() if isinstance(plan, BlePlan)}
    found = serial_port.scan(serial)
    return found + ble.scan(SCAN_S, radio)


def _transport(found: "DeviceKind", device: str, on_state: OnState | None) -> "Link":
    from crampdetect.devices.ble import BleTransport
    from crampdetect.devices.link_plan import BlePlan, SerialPlan
    from crampdetect.devices.serial_port import SerialTransport

    if found.key == "brainflow":
        from crampdetect.devices.brainflow_source import BrainFlowLink

        return BrainFlowLink(device, on_state=on_state)
    if found.key == "lsl":
        from crampdetect.devices.lsl_source import LslLink

        return LslLink(device, on_state=on_state)
    match found.plan:
        case BlePlan() as plan:
            return BleTransport(plan, device, on_state=on_state)
        case SerialPlan() as plan:
            port, _, baud = device.partition("@")
            plan = replace(plan, baud=_baud(baud)) if baud else plan
            return SerialTransport(plan, port, on_state=on_state)
    raise ValueError(f"{found.key} has no link of its own; expected another kind of sensor")


def _baud(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10**7:
        raise ValueError(f"the rate of the port is {text!r}; expected bits a second, e.g. 250000")
    return int(text)


def _options(found: "DeviceKind", configuration: "Configuration") -> dict[str, str]:
    """Options as they were set up, if they were set up for this kind."""
    if configuration.device.kind not in (None, found.key):
        return {}
    return {k: v for k, v in configuration.device.options.items() if k in found.options}
