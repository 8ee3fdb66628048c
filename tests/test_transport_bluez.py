"""Bluetooth end to end: bleak, D-Bus, a real bluetoothd and kernel, and faults of the link.

A CrampLink sensor numbers its samples; what the guest's bluetoothd delivers goes into a capture
and through the decoder. What is emulated is the radio (bumble), not the system.
"""

import asyncio
import contextlib
import itertools
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

from crampdetect.detection.types import Gap, Item, Samples
from crampdetect.devices.ble import BleTransport, scan
from crampdetect.devices.cramplink import BLE_PLAN, CrampLinkDecoder
from crampdetect.devices.cramplink_commands import DATA_UUID
from crampdetect.devices.link_plan import BATTERY_LEVEL
from crampdetect.devices.transport import Waits
from crampdetect.link import Connected, LinkEvent, Received
from crampdetect.storage.capture_clock import SystemClock
from crampdetect.storage.capture_reader import read_capture
from crampdetect.storage.capture_writer import CaptureWriter
from tests.bluez_guest.building import build, missing_tools
from tests.bluez_guest.guest import Guest, running_guest
from tests.bluez_guest.radio import EMG_SAMPLES, NAME, RATE, emg_of
from tests.bumble_link import ADDRESS
from tests.capture_building import HEAD
from tests.transport_watching import Watch, running

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / "build" / "bluez-guest"
SILENCE_S = 3.0
RECONNECTS = 20

pytestmark = pytest.mark.bluez


@pytest.fixture(scope="module")
def guest() -> Iterator[Guest]:
    """A real bluetoothd, which is from now on this process's."""
    missing = missing_tools()
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        running_guest(build(FOLDER), Path(folder)) as one,
    ):
        patch.setenv("DBUS_SYSTEM_BUS_ADDRESS", one.bus)
        patch.setenv("BLEAK_DBUS_AUTH_UID", "0")
        yield one


class Storing(Watch):
    """What is delivered also goes into a capture, from a thread as a night's."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._queue: queue.SimpleQueue[LinkEvent | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def deliver(self, event: LinkEvent) -> None:
        self._queue.put(event)
        super().deliver(event)

    def _write(self) -> None:
        with CaptureWriter(self._path, HEAD, SystemClock()) as writer:
            while (event := self._queue.get()) is not None:
                writer.event(event)

    def stored(self) -> list[LinkEvent]:
        """End the capture, and read it."""
        self._queue.put(None)
        self._thread.join()
        return list(read_capture(self._path).events())


async def switch_adapter(bus_address: str, on: bool) -> None:
    """As the switch in the system's settings does."""
    bus = await MessageBus(bus_address=bus_address).connect()
    asked = Message(
        destination="org.bluez", path="/org/bluez/hci0",
        interface="org.freedesktop.DBus.Properties", member="Set", signature="ssv",
        body=["org.bluez.Adapter1", "Powered", Variant("b", on)],
    )  # fmt: skip
    try:
        reply = await bus.call(asked)
        assert reply is not None
        assert not reply.error_name
    finally:
        bus.disconnect()


def steady(watch: Watch, times: int, count: int) -> None:
    """Wait until it was connected so often, and so much was heard since. Others may have failed."""
    watch.until(
        lambda: (
            watch.reasons().count("connected") >= times
            and watch.reasons()[-1] == "connected"
            and len(by_connection(watch)[-1]) >= count
        ),
        60,
    )


def test_a_scan_finds_the_sensor(guest: Guest) -> None:
    (found,) = scan(2.0, {"cramplink": BLE_PLAN})
    assert (found.address, found.name, found.kind) == (ADDRESS, NAME, "cramplink")
    assert found.rssi is not None


def test_a_night_of_faults(guest: Guest, tmp_path: Path) -> None:
    watch = Storing(tmp_path / "night.mcap")
    link = BleTransport(
        BLE_PLAN, on_state=watch.on_state, silence_s=SILENCE_S, waits=Waits(0.05, 1.0)
    )
    with running(link, watch):
        steady(watch, 1, 5 * RATE)
        guest.radio("hang_up")
        steady(watch, 2, RATE)
        guest.radio("lose")
        steady(watch, 3, RATE)
        guest.radio("freeze")
        watch.until(lambda: "silent" in watch.ends(), 30)
        guest.radio("thaw")
        steady(watch, 4, RATE)
        asyncio.run(switch_adapter(guest.bus, on=False))
        watch.until(lambda: "adapter_off" in watch.reasons(), 30)
        asyncio.run(switch_adapter(guest.bus, on=True))
        steady(watch, 5, RATE)
        descriptors = open_descriptors()
        for times in range(6, 6 + RECONNECTS):
            guest.radio("lose" if times % 2 else "hang_up")
            steady(watch, times, 25)
        assert open_descriptors() <= descriptors  # else a night of faults would use them up
    ends = [one for one in watch.ends() if one != "failed"]  # while a link was being begun
    assert ends == ["lost", "lost", "silent", "lost"] + ["lost"] * RECONNECTS + ["stopped"]
    judge(watch, watch.stored(), guest)


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def judge(watch: Storing, stored: list[LinkEvent], guest: Guest) -> None:
    """Every received sample is stored once, and each missing one is in a gap."""
    assert stored == watch.events
    said = guest.radio("said")
    assert isinstance(said, list)
    place = {bytes.fromhex(one): k for k, one in enumerate(said)}
    assert len(place) == len(said)
    runs = [[place[one] for one in run if one in place] for run in by_connection(watch)]
    runs = [run for run in runs if run]
    assert sum(len(run) >= 20 for run in runs) == 5 + RECONNECTS
    for run in runs:  # what is lost is lost at the ends of a connection
        assert run == list(range(run[0], run[0] + len(run)))
    assert all(one[-1] < other[0] for one, other in itertools.pairwise(runs))
    assert [one.data for one in watch.received(BATTERY_LEVEL)][:1] == [bytes([87])]
    decoder = CrampLinkDecoder("message")
    items = [item for event in stored for item in decoder.push(event)] + decoder.flush()
    decoded(items)
    quality = decoder.quality
    assert (quality.duplicate, quality.corrupt, quality.restarts) == (0, 0, 0)
    assert quality.reconnects == watch.count(Connected) - 1


def by_connection(watch: Watch) -> list[list[bytes]]:
    """Notifications of each connection: INFO, ACK, and those with samples."""
    runs: list[list[bytes]] = []
    for one in watch.events:
        if isinstance(one, Connected):
            runs.append([])
        elif isinstance(one, Received) and one.endpoint == DATA_UUID:
            runs[-1].append(one.data)
    return runs


def decoded(items: list[Item]) -> None:
    """The device never restarted, so its counter places everything exactly."""
    emg = [one for one in items if isinstance(one, Samples) and one.stream == "emg"]
    gaps = [one for one in items if isinstance(one, Gap) and one.stream == "emg"]
    ahead = emg[0].values[:EMG_SAMPLES]
    first = next(
        start
        for start in range(0, 2001 * EMG_SAMPLES, EMG_SAMPLES)
        if np.array_equal(emg_of(start, EMG_SAMPLES), ahead)
    )
    index = 0
    there = [(one.start, one.stop) for one in emg]
    for start, stop in sorted(there + [(one.start, one.stop) for one in gaps]):
        assert start == index
        index = stop
    for one in emg:
        np.testing.assert_array_equal(one.values, emg_of(first + one.start, len(one.values)))
    assert not any(one.estimated for one in gaps)


KILLED = """
import sys, time
from crampdetect.devices.ble import BleTransport
from crampdetect.devices.cramplink import BLE_PLAN
from crampdetect.link import Received
def deliver(event):
    if isinstance(event, Received):
        print("received", flush=True)
BleTransport(BLE_PLAN).start(deliver)
time.sleep(60)
"""


def test_after_a_kill_the_sensor_that_is_still_connected_is_taken_over(guest: Guest) -> None:
    """BlueZ keeps the link of a program that died, and such a sensor does not advertise."""
    process = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with contextlib.closing(process.stdout):
        assert process.stdout.readline() == b"received\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    connections = guest.radio("connected")
    watch = Watch()
    with running(BleTransport(BLE_PLAN, on_state=watch.on_state), watch):
        steady(watch, 1, RATE)
    assert guest.radio("connected") == connections
    data = [one.data for one in watch.received(DATA_UUID)]
    assert len(data) == len(set(data))
