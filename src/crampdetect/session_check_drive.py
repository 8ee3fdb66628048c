"""Feeds a check or a calibration from a link, without keeping anything."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from crampdetect.detection.types import Item, Samples, SignalInfo
from crampdetect.devices.decoder import Decoder
from crampdetect.errors import DeviceError
from crampdetect.link import LinkEvent
from crampdetect.session_loop import EventSource

__all__ = ["Led", "lead_through"]

SECOND_NS = 1_000_000_000
#: Longest wait for an event, in seconds.
WAIT_S = 0.2
#: A sensor that was found and started sends within a few seconds; Bluetooth may take several
#: attempts until it is connected (back-off 1, 2, 4, 8 s) [A].
FIRST_S = 45.0
#: Longer than the transports' watchdog (5 s) and a reconnection [A].
SILENT_S = 15.0


class Led(Protocol):
    """What a wearer is led through: `BedtimeCheck` or `Calibration`."""

    @property
    def done(self) -> bool:
        """Whether it is over."""

    @property
    def prompt(self) -> str:
        """What to do now."""

    def push(self, item: Item) -> None:
        """What the decoder gives."""

    def battery(self, monotonic_ns: int, millivolts: int | None, percent: int | None) -> None:
        """What the sensor says of its battery."""

    def fell_silent(self) -> None:
        """The sensor sends no more."""


AnyLed = TypeVar("AnyLed", bound=Led)


class _Now(Protocol):
    def monotonic_ns(self) -> int: ...


def lead_through(
    decoder: Decoder,
    source: EventSource,
    clock: _Now,
    make: Callable[[tuple[SignalInfo, ...]], AnyLed],
    show: Callable[[str], None],
) -> AnyLed:
    """Feed what `make` gives until it is done, the source ends or the sensor falls silent.

    Parameters
    ----------
    decoder : Decoder
        New.
    source : EventSource
        Started.
    clock : Clock
        For silence and keep-alives only.
    make : callable
        Called once the sensor has said what it sends.
    show : callable
        Told the prompt whenever it changes.

    Raises
    ------
    DeviceError
        The sensor sent nothing at all (reason ``"silent"``).
    """
    leading = _Leading(decoder, make, clock.monotonic_ns())
    asked = clock.monotonic_ns()
    prompt = ""
    while not leading.lost(clock.monotonic_ns()):
        try:
            event = source.next(WAIT_S)
        except EOFError:
            break
        now = clock.monotonic_ns()
        if event is not None:
            leading.take(event, now)
        if now - asked >= SECOND_NS:
            asked = now
            wanted = decoder.keep_alive(now)
            if wanted is not None:
                source.send(wanted)
        led = leading.led
        if led is not None:
            if led.prompt != prompt:
                prompt = led.prompt
                show(prompt)
            if led.done:
                return led
    if leading.led is None:
        raise DeviceError(
            "the sensor sent nothing; expected a sensor that is switched on, charged and close "
            "to the computer",
            reason="silent",
        )
    leading.led.fell_silent()
    return leading.led


class _Leading(Generic[AnyLed]):
    """What one event after the other does to the wearer's check."""

    def __init__(
        self, decoder: Decoder, make: Callable[[tuple[SignalInfo, ...]], AnyLed], now: int
    ) -> None:
        self._decoder, self._make, self._heard = decoder, make, now
        self._battery: tuple[int | None, int | None] = (None, None)
        self.led: AnyLed | None = None

    def take(self, event: LinkEvent, now: int) -> None:
        """An event of the link."""
        items = self._decoder.push(event)
        self._decoder.marks.clear()  # a press of the button marks nights, not checks
        if any(isinstance(item, Samples) for item in items):
            self._heard = now
        if self.led is None:
            if self._decoder.signals is None:
                return
            self.led = self._make(self._decoder.signals)
        for item in items:
            self.led.push(item)
        battery = (self._decoder.battery_mv, self._decoder.battery_percent)
        if battery != self._battery:
            self._battery = battery
            self.led.battery(event.monotonic_ns, *battery)

    def lost(self, now: int) -> bool:
        """Whether nothing has come for too long."""
        longest = FIRST_S if self.led is None else SILENT_S
        return now - self._heard > longest * SECOND_NS
