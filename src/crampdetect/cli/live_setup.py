"""Everything that is decided before a night begins."""

import uuid
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, time, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crampdetect.cli.stopping import next_time

if TYPE_CHECKING:
    from crampdetect.alerting.settings import AlertSettings
    from crampdetect.devices.decoder import Decoder
    from crampdetect.session_demo import DemoSource
    from crampdetect.session_loop import Clock, LinkSource
    from crampdetect.session_settings import Settings
    from crampdetect.storage.capture_head import CaptureHead
    from crampdetect.storage.configuration import Configuration

__all__ = ["NightPlan", "prepared"]

DEMO = "demo"


@dataclass(frozen=True, slots=True)
class NightPlan:
    """A night that can begin.

    Parameters
    ----------
    kind, device : str
    settings : Settings
    configuration : Configuration
    alerts : AlertSettings
    clock : Clock
    zone : tzinfo
        Of the wearer's clock; UTC where nobody said.
    until_utc_ns : int or None
    folder : Path
    """

    kind: str
    device: str
    settings: "Settings"
    configuration: "Configuration"
    alerts: "AlertSettings"
    clock: "Clock"
    zone: tzinfo
    until_utc_ns: int | None
    folder: Path

    @property
    def is_demo(self) -> bool:
        """Whether the sensor is the emulated one."""
        return self.kind == DEMO

    def head(self) -> "CaptureHead":
        """Of a new capture."""
        from crampdetect.session_capture import DEVICE_OPTION
        from crampdetect.session_settings import recorded
        from crampdetect.storage.capture_head import CaptureHead

        options = {} if self.is_demo else self.configuration.device.options
        said = recorded(replace(self.settings, timezone=None))
        said |= {DEVICE_OPTION + name: value for name, value in options.items()}
        zone = self.settings.timezone
        return CaptureHead(str(uuid.uuid4()), self.kind, self.device, zone, said)

    def opened(
        self, on_state: Callable[[str, str], None]
    ) -> "tuple[Decoder, LinkSource | DemoSource]":
        """A started link, and its decoder."""
        from crampdetect.cli.live_link import open_link

        if self.is_demo:
            return self._demo()
        _, decoder, source = open_link(self.device, self.kind, self.configuration, on_state)
        return decoder, source

    def _demo(self) -> "tuple[Decoder, LinkSource | DemoSource]":
        from crampdetect.devices.catalogue import DEVICES
        from crampdetect.session_demo import DemoSource

        assert isinstance(self.clock, DemoSource)  # it is both
        return DEVICES[DEMO].make_decoder(), self.clock


def prepared(arguments: Namespace) -> NightPlan:
    """From options and configuration to a plan; the disk is looked at.

    Raises
    ------
    ValueError
        No sensor is set up, or a setting is none.
    DeviceError
        The sensor's kind could not be found out.
    RecordingError
        There is no space for a night.
    """
    from crampdetect.cli.live_link import chosen_kind
    from crampdetect.storage.capture_clock import SystemClock
    from crampdetect.storage.configuration import load_configuration
    from crampdetect.storage.free_space import capture_rate, check_space
    from crampdetect.storage.nights_folder import captures_folder

    configuration = load_configuration()
    device, kind = _sensor(arguments, configuration)
    found = chosen_kind(device, kind)
    settings = _settings(arguments, configuration)
    zone = ZoneInfo(settings.timezone) if settings.timezone else UTC
    is_demo = found.key == DEMO
    clock = _demo(arguments.speed) if is_demo else SystemClock()
    folder = captures_folder(arguments.folder)
    check_space(folder, capture_rate(found.bytes_per_second, found.events_per_second))
    until = arguments.until or _time_of(configuration.wearer.until)
    return NightPlan(
        kind=found.key,
        device=device,
        settings=settings,
        configuration=configuration,
        alerts=_alerts(arguments, configuration),
        clock=clock,
        zone=zone,
        until_utc_ns=None if until is None else next_time(until, clock.utc_ns(), zone),
        folder=folder,
    )


def _demo(speed: float) -> "DemoSource":
    from crampdetect.session_demo import DemoSource, demo_events, demo_night

    return DemoSource(demo_events(demo_night(), 0), speed)


def _sensor(arguments: Namespace, configuration: "Configuration") -> tuple[str, str | None]:
    device = arguments.device or configuration.device.address or ""
    if device == DEMO:
        return "", DEMO
    kind = arguments.kind or (None if arguments.device else configuration.device.kind)
    if not device and kind is None:
        raise ValueError(
            "no sensor is set up; run `crampdetect setup`, or give --device (--device demo needs "
            "no sensor)"
        )
    return device, kind


def _settings(arguments: Namespace, configuration: "Configuration") -> "Settings":
    """Options go before what was set up."""
    from crampdetect.cli.options import settings
    from crampdetect.session_settings import AXES, settled

    asked = settings(arguments)
    wearer, judging = configuration.wearer, configuration.judging
    found = settled(
        replace(
            asked,
            mains=asked.mains or judging.mains,
            profile=asked.profile or judging.profile,
            shank_axis=asked.shank_axis or judging.shank_axis,
            timezone=asked.timezone or wearer.timezone,
            participant=asked.participant or wearer.participant,
            side=asked.side or wearer.side,
            muscle=asked.muscle or wearer.muscle,
            electrode_site=asked.electrode_site or wearer.electrode_site,
        ),
        {},
    )
    if found.timezone is not None:
        try:
            ZoneInfo(found.timezone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"timezone is {found.timezone!r}; expected an IANA name such as Europe/Oslo"
            ) from error
    assert found.shank_axis in AXES
    return found


def _alerts(arguments: Namespace, configuration: "Configuration") -> "AlertSettings":
    from crampdetect.alerting.settings import AlertSettings, MqttSettings

    chosen = configuration.alerts
    mqtt = None
    if chosen.mqtt.host is not None:
        given = {
            name: getattr(chosen.mqtt, name)
            for name in ("host", "port", "topic", "user", "password", "tls", "ca_file",
                         "discovery_prefix")
        }  # fmt: skip
        mqtt = MqttSettings(**{name: value for name, value in given.items() if value is not None})
    return AlertSettings(
        on_cramp=arguments.on_cramp or chosen.on_cramp,
        on_fault=chosen.on_fault,
        webhook=chosen.webhook,
        mqtt=mqtt,
        mute=arguments.mute or chosen.mute,
        allow_plain=chosen.allow_plain,
    )


def _time_of(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)
