"""Which Bluetooth devices are taken and which are refused; scans; stopping."""

import threading
import time
from dataclasses import replace

import pytest

from crampdetect.devices.ble import BleTransport, scan
from crampdetect.devices.link_plan import BlePlan
from crampdetect.devices.transport import Waits
from crampdetect.errors import DeviceError
from crampdetect.link import Connected, Disconnected
from tests.ble_night import all_arrived, one_sensor, transport
from tests.bumble_backend import World
from tests.bumble_link import ADDRESS, COMMAND, DATA, OTHER_ADDRESS, PLAN, Sensor
from tests.transport_watching import Watch, connected, running, said

#: A service that the sensor does not have.
ANOTHER = "ca11f009-5f2e-4c1b-9d07-2b6a1c0f7e31"


def test_another_kind_of_device_is_refused() -> None:
    world, watch = World(one_sensor), Watch()
    plan = replace(PLAN, service=ANOTHER, names=("Cal",))
    with running(transport(world, watch, plan), watch):
        watch.until(lambda: watch.reasons().count("wrong_device"))
        watch.until(lambda: world.connections >= 2)  # it is tried again, for ever
    assert watch.events == []
    text = said(watch, "wrong_device")
    assert text == f"Calf at {ADDRESS} is another kind of device; expected that it has {ANOTHER}"


def test_a_characteristic_that_is_missing_is_another_kind_of_device() -> None:
    world, watch = World(one_sensor), Watch()
    plan = replace(PLAN, notify=(DATA, ANOTHER))
    with running(transport(world, watch, plan), watch):
        watch.until(lambda: watch.reasons().count("wrong_device"))
    assert watch.events == []


def test_another_unit_or_another_name_is_refused() -> None:
    world, watch = World(one_sensor), Watch()
    with running(transport(world, watch, address=OTHER_ADDRESS, search_s=0.2), watch):
        watch.until(lambda: "wrong_device" in watch.reasons())
    assert (f"found Calf at {ADDRESS}; expected {OTHER_ADDRESS}", "wrong_device") in watch.states
    assert world.connections == 0

    world, watch = World(one_sensor), Watch()
    plan = replace(PLAN, names=("Shank",))
    with running(transport(world, watch, plan, ADDRESS.lower(), search_s=0.2), watch):
        watch.until(lambda: "wrong_device" in watch.reasons())
    text = f"found Calf at {ADDRESS}; expected {ADDRESS} to be named Shank..."
    assert (text, "wrong_device") in watch.states
    assert world.connections == 0


def test_no_sensor_is_told_with_what_to_do() -> None:
    watch = Watch()
    with running(transport(World(lambda radio: []), watch, search_s=0.1), watch):
        watch.until(lambda: watch.reasons().count("not_found") >= 2)
    assert "switched on, near" in said(watch, "not_found")


def test_the_night_stays_with_the_unit_that_it_began_with() -> None:
    world, watch = World(one_sensor), Watch()

    async def a_stranger_comes() -> None:
        world.sensors.append(Sensor(world.radio, OTHER_ADDRESS))
        await world.sensors[1].switch_on()
        world.sensors[0].on = False
        await world.sensors[0].hang_up()

    async def the_first_comes_back() -> None:
        world.sensors[0].on = True
        await world.sensors[0].advertise()

    with running(transport(world, watch), watch):
        connected(watch)
        world.do(lambda: world.sensors[0].notify(5, rate=1000))
        all_arrived(watch, world.sensors[0])
        world.do(a_stranger_comes)
        watch.until(lambda: watch.count(Disconnected))
        watch.until(lambda: (f"searching for {ADDRESS}", "searching") in watch.states)
        world.do(the_first_comes_back)
        connected(watch, 2)
    assert all(ADDRESS in one.detail for one in watch.events if isinstance(one, Connected))
    assert world.sensors[1].written == []


def test_commands_go_to_their_characteristic_while_there_is_a_link() -> None:
    world, watch = World(one_sensor), Watch()
    link = transport(world, watch)
    link.send(b"lost")
    with running(link, watch):
        connected(watch)
        (sensor,) = world.sensors
        link.send(b"ping")

        async def written() -> bool:
            return b"ping" in sensor.written

        deadline = time.monotonic() + 10
        while not world.do(written):
            assert time.monotonic() < deadline
    assert sensor.written == [b"go", b"ping", b"end"]
    with pytest.raises(ValueError, match="this sensor takes none"):
        transport(world, watch, replace(PLAN, write="")).send(b"ping")


def test_stop_does_not_wait_for_the_back_off() -> None:
    world, watch = World(one_sensor), Watch()
    world.powered = False
    link = BleTransport(PLAN, on_state=watch.on_state, waits=Waits(60.0), radio=world.bluetooth)
    with running(link, watch):
        watch.until(lambda: "adapter_off" in watch.reasons())
        began = time.monotonic()
        link.stop()
        assert time.monotonic() - began < 0.5
    assert not any(one.name == "crampdetect-ble" for one in threading.enumerate())
    with pytest.raises(ValueError, match="one start of each link"):
        link.start(watch.deliver)


def test_a_link_that_never_was_can_be_stopped() -> None:
    link = BleTransport(PLAN)
    link.send(b"ping")
    link.stop()


def test_scan_names_kinds() -> None:
    plans = {"calf": PLAN, "shank": replace(PLAN, names=("Shank",)), "other": BlePlan(ANOTHER, ())}
    world = World(lambda radio: [Sensor(radio), Sensor(radio, OTHER_ADDRESS, "Ring", ANOTHER)])
    found = {one.address: one for one in scan(0.3, plans, world.bluetooth)}
    assert {one.kind for one in found.values()} == {"calf", "other"}
    calf = found[ADDRESS]
    assert (calf.name, calf.kind, calf.transport) == ("Calf", "calf", "ble")
    assert calf.rssi is not None
    assert -127 < calf.rssi < 0

    twice = {"calf": PLAN, "same": replace(PLAN, start=((COMMAND, b"?"),))}
    (unsure,) = scan(0.3, twice, World(one_sensor).bluetooth)
    assert (unsure.kind, unsure.detail) == ("", "could be calf or same")


def test_scan_says_why_it_cannot() -> None:
    world = World(one_sensor)
    world.powered = False
    with pytest.raises(DeviceError, match="expected it to be on") as raised:
        scan(0.1, {}, world.bluetooth)
    assert raised.value.reason == "adapter_off"
