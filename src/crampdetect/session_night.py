"""One live night: every event is captured first, then decoded and judged.

It knows no clock and no link: events come in with their times, from a radio, a cable or a test.
Replaying its capture takes the same way through `Judging`, and gives the same bytes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from crampdetect.detection.detector import Output
from crampdetect.detection.grid import bound
from crampdetect.detection.types import Gap, Item, Samples, Status
from crampdetect.devices.decoder import Decoder
from crampdetect.link import LinkEvent
from crampdetect.records import Replay
from crampdetect.session_capture import open_capture
from crampdetect.session_judging import Judging
from crampdetect.session_night_state import NightState
from crampdetect.session_settings import Settings

__all__ = ["NightSession", "Writer"]


class Writer(Protocol):
    """What keeps the night: `storage.capture_writer.CaptureWriter`."""

    def event(self, event: LinkEvent) -> None:
        """Keep an event of the link."""

    def mark(self, monotonic_ns: int, text: str) -> None:
        """Keep a mark of the wearer."""

    def note(self, monotonic_ns: int, kind: str, value: str) -> None:
        """Keep what the device or the computer said."""

    def tick(self) -> None:
        """Make safe what is due."""

    def close(self, reason: str) -> None:
        """End the night."""


class NightSession:
    """Captures, decodes and judges one night.

    Parameters
    ----------
    decoder : Decoder
    writer : Writer
    settings : Settings
    listen : callable, optional
        Told every output of the detector as it comes.

    Attributes
    ----------
    state : NightState
        What a status line or a page shows.
    """

    def __init__(
        self,
        decoder: Decoder,
        writer: Writer,
        settings: Settings,
        listen: Callable[[Output], None] | None = None,
    ) -> None:
        self._decoder, self._writer, self._settings = decoder, writer, settings
        self._listen = listen
        self._judging: Judging | None = None
        self._reached: dict[str, int] = {}
        self._battery: tuple[int | None, int | None] = (None, None)
        self._finished = False
        self.state = NightState(decoder.quality)

    def push(self, event: LinkEvent) -> None:
        """Keep `event`, then judge what it completes.

        Raises
        ------
        RecordingError
            It cannot be kept (the disk is full).
        ModelError
            The model does not fit the signals.
        """
        self._writer.event(event)
        self.state.heard(event)
        self._take(self._decoder.push(event))
        self._remarks(event)

    def mark(self, monotonic_ns: int, text: str = "felt") -> None:
        """The wearer says: I felt one now."""
        self._writer.mark(monotonic_ns, text)
        self.state.marks += 1

    def note(self, monotonic_ns: int, kind: str, value: str) -> None:
        """Something about the computer or the device that belongs to the night."""
        self._writer.note(monotonic_ns, kind, value)

    def tick(self) -> None:
        """Once in a while: make safe what was kept."""
        self._writer.tick()

    def keep_alive(self, monotonic_ns: int) -> bytes | None:
        """What the device wants to hear now."""
        return self._decoder.keep_alive(monotonic_ns)

    def finish(self, reason: str) -> None:
        """The night is over: judge what is owed and end the capture. Again: nothing."""
        if self._finished:
            return
        self._finished = True
        self._take(self._decoder.flush())
        if self._judging is not None:
            self._fill_up(self._judging)
            self._judging.finish()
        self._writer.close(reason)

    def replay(self, path: Path) -> Replay | None:
        """What was found, as what the finished capture at `path` holds; None without a sample.

        Raises
        ------
        RecordingError
            The capture cannot be read back.
        """
        if self._judging is None or "emg" not in self._reached:
            return None
        return self._judging.replay(open_capture(path))

    def _take(self, items: list[Item]) -> None:
        for item in items:
            if isinstance(item, Status):
                self.state.status(item)
                continue
            self._reached[item.stream] = item.stop
            self.state.item(item)
            self._judge(item)

    def _judge(self, item: Samples | Gap) -> None:
        if self._judging is None:
            signals = self._decoder.signals
            assert signals is not None  # a decoder gives nothing before it knows them
            self._judging = Judging(signals, self._settings, listen=self._hear)
            self.state.begin(self._judging.rate)
        self._judging.push(item)

    def _hear(self, output: Output) -> None:
        self.state.output(output)
        if self._listen is not None:
            self._listen(output)

    def _remarks(self, event: LinkEvent) -> None:
        """Presses of the sensor's button, and its battery where that changed."""
        for at in self._decoder.marks:
            self.mark(at, "felt (button)")
        self._decoder.marks.clear()
        battery = (self._decoder.battery_mv, self._decoder.battery_percent)
        if battery != self._battery:
            self._battery = battery
            self.state.battery(event.monotonic_ns, *battery)
            said = [f"{value} {unit}" for value, unit in zip(battery, ("mV", "%"), strict=True)
                    if value is not None]  # fmt: skip
            self._writer.note(event.monotonic_ns, "battery", ", ".join(said))

    def _fill_up(self, judging: Judging) -> None:
        """A stream that ended early is missing from there, as in a replay."""
        rates = {info.stream: info.nominal_sampling_frequency for info in judging.signals}
        reached = {stream: self._reached.get(stream, 0) for stream in rates}
        duration = max(stop / rates[stream] for stream, stop in reached.items())
        for stream, rate in rates.items():
            stop = bound(1, duration, rate)
            if reached[stream] < stop:
                judging.push(Gap(stream, reached[stream], stop, "missing"))
