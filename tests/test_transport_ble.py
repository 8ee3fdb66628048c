"""Bluetooth with the real bleak client, over bumble's virtual radio: every sample once."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import pytest

from crampdetect.devices.link_plan import BATTERY_LEVEL
from crampdetect.link import Connected, Disconnected
from tests.ble_night import all_arrived, hang_up, numbers, one_sensor, transport
from tests.bumble_backend import World
from tests.bumble_link import ADDRESS, DATA
from tests.transport_watching import Watch, connected, running, said


def test_every_notification_arrives_once_and_in_order() -> None:
    world, watch = World(one_sensor), Watch()
    with running(transport(world, watch), watch):
        connected(watch)
        (sensor,) = world.sensors
        world.do(lambda: sensor.notify(1000, rate=2000))
        all_arrived(watch, sensor)
    assert numbers(watch) == list(range(1000))
    assert isinstance(watch.events[0], Connected)
    assert ADDRESS in watch.events[0].detail
    assert watch.ends() == ["stopped"]
    assert [one.data for one in watch.received(BATTERY_LEVEL)] == [bytes([87])]
    assert sensor.written == [b"go", b"end"]


def stream(world: World, watch: Watch, times: int) -> None:
    """Sixty samples over the link that came up as the so-manieth."""
    connected(watch, times)
    world.do(partial(world.sensors[0].notify, 60, 1000))
    all_arrived(watch, world.sensors[0])


def ended(watch: Watch, times: int) -> bool:
    return watch.count(Disconnected) >= times


async def lose(world: World) -> None:
    world.radio.lose()


@pytest.mark.parametrize("end", [hang_up, lose], ids=["peer", "loss"])
def test_after_five_ends_of_the_link_every_sample_came_once(
    end: Callable[[World], Coroutine[Any, Any, None]],
) -> None:
    world, watch = World(one_sensor), Watch()
    with running(transport(world, watch), watch):
        for times in range(1, 7):
            stream(world, watch, times)
            if times < 6:
                world.do(partial(end, world))
                watch.until(partial(ended, watch, times))
                world.do(partial(world.sensors[0].notify, 7, 1000))  # nobody hears these
    assert watch.ends() == ["lost"] * 5 + ["stopped"]
    assert len(numbers(watch)) == 6 * 60
    assert world.sensors[0].written == [b"go"] * 6 + [b"end"]
    assert world.connections == 6


def test_what_a_client_of_the_past_delivers_is_dropped() -> None:
    world, watch = World(one_sensor), Watch()

    async def late() -> None:
        world.callbacks[0](bytearray(b"late"))

    with running(transport(world, watch), watch):
        connected(watch)
        world.do(lambda: world.sensors[0].notify(10, rate=1000))
        all_arrived(watch, world.sensors[0])
        world.do(lambda: hang_up(world))
        connected(watch, 2)
        world.do(late)
        world.do(lambda: world.sensors[0].notify(10, rate=1000))
        all_arrived(watch, world.sensors[0])
    assert len(watch.received(DATA)) == 20


def test_a_link_that_falls_silent_is_taken_for_dead() -> None:
    world, watch = World(one_sensor), Watch()

    async def freeze() -> None:
        world.radio.frozen = True

    async def thaw() -> None:
        world.radio.lose()  # meanwhile the sensor had noticed too
        world.radio.frozen = False

    with running(transport(world, watch, silence_s=0.5), watch):
        connected(watch)
        (sensor,) = world.sensors
        world.do(lambda: sensor.notify(50, rate=1000))
        all_arrived(watch, sensor)
        world.do(freeze)
        watch.until(lambda: watch.count(Disconnected))
        assert watch.ends() == ["silent"]
        world.do(thaw)
        connected(watch, 2)
        world.do(lambda: sensor.notify(50, rate=1000))
        watch.until(lambda: len(watch.received(DATA)) == 100)
    assert numbers(watch) == list(range(100))


def test_batches_of_a_long_connection_interval_are_whole() -> None:
    world, watch = World(one_sensor), Watch()
    with running(transport(world, watch), watch):
        connected(watch)
        (sensor,) = world.sensors
        world.radio.interval_s = 0.05
        world.do(lambda: sensor.notify(300, rate=1000))
        all_arrived(watch, sensor)
    assert numbers(watch) == list(range(300))


def test_bluetooth_that_is_switched_off_and_on_again() -> None:
    world, watch = World(one_sensor), Watch()
    with running(transport(world, watch), watch):
        connected(watch)
        (sensor,) = world.sensors
        world.do(lambda: sensor.notify(20, rate=1000))
        all_arrived(watch, sensor)
        world.do(world.switch_off)
        watch.until(lambda: "adapter_off" in watch.reasons())
        assert "switched off; expected it to be on" in said(watch, "adapter_off")
        world.powered = True
        connected(watch, 2)
        world.do(lambda: sensor.notify(20, rate=1000))
        all_arrived(watch, sensor)
    assert numbers(watch) == list(range(40))
