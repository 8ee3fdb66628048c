"""The tables of the configuration, as `configuration` reads and writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "AlertChoice",
    "BatteryUse",
    "Calibrated",
    "Configuration",
    "DeviceChoice",
    "JudgingChoice",
    "Mqtt",
    "StorageChoice",
    "Wearer",
]


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """The sensor: its kind (key of the catalogue), address or port, and options of its decoder."""

    kind: str | None = None
    address: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wearer:
    """Who wears it, where, and until when (``HH:MM`` of the wearer's clock, an IANA zone)."""

    participant: str | None = None
    side: str | None = None
    muscle: str | None = None
    electrode_site: str | None = None
    timezone: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class JudgingChoice:
    """As `session_settings.Settings`; None is the usual."""

    mains: int | None = None
    shank_axis: str | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Mqtt:
    """A broker (`alerting.settings.MqttSettings`); nothing is sent without a `host`."""

    host: str | None = None
    port: int | None = None
    topic: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: str | None = None
    discovery_prefix: str | None = None


@dataclass(frozen=True, slots=True)
class AlertChoice:
    """What is told to others while a night lasts (`alerting.settings.AlertSettings`): nothing
    unless something is set here."""

    on_cramp: str | None = None
    on_fault: str | None = None
    webhook: str | None = field(default=None, repr=False)
    mute: bool = False
    allow_plain: bool = False
    mqtt: Mqtt = Mqtt()


@dataclass(frozen=True, slots=True)
class StorageChoice:
    """Disk (10^9 bytes) that captures may take before old ones are asked about; None: no limit."""

    budget_gb: float | None = None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What the last calibration found; it changes no threshold of the detector."""

    date: str | None = None
    resting_level: float | None = None
    unit: str | None = None
    raise_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class BatteryUse:
    """What earlier nights took from the battery per hour, for the forecast at bedtime."""

    percent_per_hour: float | None = None
    millivolts_per_hour: float | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """All of it; every field has a default."""

    device: DeviceChoice = field(default_factory=DeviceChoice)
    wearer: Wearer = Wearer()
    judging: JudgingChoice = JudgingChoice()
    alerts: AlertChoice = AlertChoice()
    storage: StorageChoice = StorageChoice()
    calibration: Calibrated = Calibrated()
    battery: BatteryUse = BatteryUse()
