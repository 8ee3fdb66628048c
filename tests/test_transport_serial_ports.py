"""Which serial ports are taken and which are refused, and what is said about it."""

import errno
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import serial
from serial.tools import list_ports

from crampdetect.devices import serial_opening
from crampdetect.devices.link_plan import SerialPlan
from crampdetect.devices.serial_finding import PortChoice, SerialPort, listed_ports, scan
from crampdetect.devices.serial_port import SerialTransport
from crampdetect.devices.transport import Waits
from crampdetect.errors import DeviceError
from tests.serial_sensor import PLAN, Pty, Streaming, frames, talk, transport
from tests.transport_watching import Watch, connected, received, running, said

CP2102, FTDI = (0x10C4, 0xEA60), (0x0403, 0x6015)
USB_PLAN = SerialPlan(921600, vid_pid=(CP2102,))


@pytest.fixture
def pty() -> Iterator[Pty]:
    """A port with a sensor."""
    one = Pty()
    yield one
    one.unplug()


def test_a_port_is_for_one_program(pty: Pty) -> None:
    first, second = Watch(), Watch()
    with running(transport(first, pty.path), first):
        stream = Streaming(pty, 10_000)
        connected(first)
        with running(transport(second, pty.path), second):
            second.until(lambda: "busy" in second.reasons())
        stream.stopped.set()
        stream.thread.join()
    assert said(second, "busy") == f"{pty.path} is used by another program; expected it free"
    assert second.events == []


def test_nothing_heard_and_something_else_heard_are_told_apart(pty: Pty) -> None:
    watch = Watch()
    link = SerialTransport(PLAN, pty.path, on_state=watch.on_state, handshake_s=0.3)
    with running(link, watch):
        watch.until(lambda: "silent" in watch.reasons())
    assert "nothing was heard" in said(watch, "silent")

    watch, stopped = Watch(), threading.Event()
    talking = threading.Thread(target=talk, args=(pty, stopped))
    talking.start()
    link = SerialTransport(PLAN, pty.path, on_state=watch.on_state, handshake_s=0.3)
    with running(link, watch):
        watch.until(lambda: "wrong_device" in watch.reasons())
    stopped.set()
    talking.join()
    assert "not those of such a sensor" in said(watch, "wrong_device")
    assert watch.events == []


def test_stop_does_not_wait_for_the_back_off(tmp_path: Path) -> None:
    watch = Watch()
    path = str(tmp_path / "no-port")
    link = SerialTransport(PLAN, path, on_state=watch.on_state, waits=Waits(60.0))
    with running(link, watch):
        watch.until(lambda: "not_found" in watch.reasons())
        began = time.monotonic()
        link.stop()
        assert time.monotonic() - began < 0.5
    assert not any(one.name == "crampdetect-serial" for one in threading.enumerate())
    with pytest.raises(ValueError, match="one start of each link"):
        link.start(watch.deliver)


def test_a_fault_of_our_own_does_not_pass_in_silence(
    pty: Pty, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(heard: bytes) -> bool:
        raise ZeroDivisionError

    raised = []
    monkeypatch.setattr(threading, "excepthook", lambda fault: raised.append(fault.exc_type))
    watch = Watch()
    link = transport(watch, pty.path, replace(PLAN, handshake=wrong))
    with running(link, watch):
        watch.until(lambda: "failed" in watch.reasons())
    assert said(watch, "failed") == "the serial link ended by a fault of this program"
    assert raised == [ZeroDivisionError]


def test_odd_baud_rates_are_set(pty: Pty) -> None:
    """An Uno makes 250000 baud exactly, which is none of the system's named rates."""
    watch = Watch()
    with running(transport(watch, pty.path, replace(PLAN, baud=250000)), watch):
        pty.hears(b"go")  # opening a port discards what came before
        pty.write(frames(3))
        connected(watch)
    assert received(watch) == frames(3)


FIRST = SerialPort("/dev/ttyUSB0", CP2102, "0001", "CP2102")
OTHER = SerialPort("/dev/ttyUSB1", CP2102, "0002", "CP2102")
DONGLE = SerialPort("/dev/ttyUSB2", FTDI, "D1", "FT231X")


def choice(ports: list[SerialPort], path: str = "") -> PortChoice:
    return PortChoice(USB_PLAN, path, lambda: ports)


def test_any_adapter_of_the_plan_is_tried_until_one_is_the_sensors() -> None:
    ports = [FIRST, DONGLE, OTHER]
    one = choice(ports)
    assert one.candidates() == [FIRST, OTHER]
    one.accept(OTHER)
    assert one.candidates() == [OTHER]
    ports.remove(OTHER)
    with pytest.raises(DeviceError, match="expected USB 10C4:EA60, serial number 0002") as raised:
        one.candidates()
    assert raised.value.reason == "not_found"
    moved = replace(OTHER, path="/dev/ttyUSB7")
    ports.append(moved)
    assert one.candidates() == [moved]


def test_a_named_port_is_tried_alone_and_followed_to_its_new_name() -> None:
    ports = [FIRST, OTHER]
    one = choice(ports, "/dev/ttyUSB1")
    assert one.candidates() == [OTHER]
    one.accept(OTHER)
    ports[:] = [replace(FIRST, path="/dev/ttyUSB1"), replace(OTHER, path="/dev/ttyUSB0")]
    assert one.candidates() == [ports[1]]
    del ports[1]
    with pytest.raises(DeviceError) as raised:
        one.candidates()
    assert raised.value.reason == "wrong_device"
    assert str(raised.value) == (
        "found USB 10C4:EA60, serial number 0001 at /dev/ttyUSB1; "
        "expected USB 10C4:EA60, serial number 0002"
    )


def test_adapters_without_a_serial_number_may_take_each_others_place() -> None:
    ports = [replace(FIRST, serial_number="")]
    one = choice(ports)
    one.accept(ports[0])
    ports[:] = [replace(OTHER, serial_number=""), DONGLE]
    assert one.candidates() == ports[:1]


def test_a_link_to_a_port_is_that_port(tmp_path: Path) -> None:
    """As those in /dev/serial/by-id, which name an adapter rather than a socket."""
    device, link = tmp_path / "ttyUSB0", tmp_path / "by-id"
    device.touch()
    link.symlink_to(device)
    one = choice([replace(FIRST, path=str(device))], str(link))
    assert one.candidates() == [replace(FIRST, path=str(link))]


def test_a_port_that_no_list_has_is_tried_all_the_same() -> None:
    one = choice([DONGLE], "/dev/pts/77")
    assert one.candidates() == [SerialPort("/dev/pts/77")]
    one.accept(SerialPort("/dev/pts/77"))
    assert one.candidates() == [SerialPort("/dev/pts/77")]


def test_nothing_plugged_in_is_told_with_what_is_there() -> None:
    with pytest.raises(DeviceError) as raised:
        choice([DONGLE]).candidates()
    assert str(raised.value) == (
        "found /dev/ttyUSB2 (USB 0403:6015, serial number D1); "
        "expected USB 10C4:EA60 to be plugged in"
    )
    with pytest.raises(DeviceError, match="found no serial port; expected the adapter of"):
        PortChoice(PLAN, "", list).candidates()


def test_scan_names_kinds_by_their_adapter() -> None:
    plans = {"umyo": USB_PLAN, "cyton": SerialPlan(115200, vid_pid=(FTDI,))}
    plans["base"] = replace(USB_PLAN, baud=115200)
    rfcomm = SerialPort("/dev/rfcomm0")
    found = scan(plans, lambda: [rfcomm, FIRST, DONGLE])
    assert [(one.address, one.kind) for one in found] == [
        ("/dev/ttyUSB2", "cyton"),
        ("/dev/rfcomm0", ""),
        ("/dev/ttyUSB0", ""),
    ]
    assert found[2].detail == "USB 10C4:EA60, serial number 0001, could be umyo or base"
    assert found[1].detail == "a port that is not on USB"
    assert {one.transport for one in found} == {"serial"}


def test_ports_that_are_built_in_are_left_alone() -> None:
    listed = {one.path for one in listed_ports()}
    assert listed <= {one.device for one in list_ports.comports()}
    assert not [one for one in listed if one.startswith("/dev/ttyS")]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (serial.SerialException(errno.ENOENT, "could not open port"), "not_found"),
        (serial.SerialException(errno.EACCES, "could not open port"), "denied"),
        (serial.SerialException(errno.EAGAIN, "Could not exclusively lock port"), "busy"),
        (serial.SerialException("could not open port 'COM3': PermissionError(13)"), "busy"),
        (serial.SerialException("could not open port 'COM3': FileNotFoundError(2)"), "not_found"),
        (ValueError("Failed to set custom baud rate (1)"), "failed"),
    ],
)
def test_what_hinders_the_opening_is_told(error: Exception, reason: str) -> None:
    said_of_it = serial_opening.opening_error("/dev/ttyUSB0", error)
    assert said_of_it.reason == reason
    assert "/dev/ttyUSB0" in str(said_of_it)
