"""A Bluetooth transport on a virtual world, and what its tests ask of it."""

from crampdetect.devices.ble import BleTransport
from crampdetect.devices.link_plan import BlePlan
from crampdetect.devices.transport import Waits
from tests.bumble_backend import World
from tests.bumble_link import DATA, PLAN, Radio, Sensor, number_of
from tests.transport_watching import Watch


def one_sensor(radio: Radio) -> list[Sensor]:
    return [Sensor(radio)]


def transport(
    world: World,
    watch: Watch,
    plan: BlePlan = PLAN,
    address: str = "",
    silence_s: float = 10.0,
    search_s: float = 10.0,
) -> BleTransport:
    return BleTransport(
        plan, address, on_state=watch.on_state, silence_s=silence_s, search_s=search_s,
        waits=Waits(0.05, 0.2), radio=world.bluetooth,
    )  # fmt: skip


def numbers(watch: Watch) -> list[int]:
    return [number_of(one.data) for one in watch.received(DATA)]


def all_arrived(watch: Watch, sensor: Sensor) -> None:
    watch.until(lambda: len(watch.received(DATA)) >= len(sensor.sent))
    assert numbers(watch) == sensor.sent


async def hang_up(world: World) -> None:
    await world.sensors[0].hang_up()
