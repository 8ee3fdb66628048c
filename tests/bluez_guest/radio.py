"""The air around the guest: its controller and a CrampLink sensor, in a process of their own.

Commands come as lines, each answered by a line of JSON.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Callable

import numpy as np
from bumble.controller import Controller
from bumble.hci import LeFeatureMask
from bumble.transport import open_transport
from bumble.transport.common import StreamPacketSink

from crampdetect.detection.types import Array
from crampdetect.devices.cramplink_commands import COMMAND_UUID, DATA_UUID, SERVICE
from crampdetect.devices.cramplink_encoder import (
    EMG_SCALE_V,
    CrampLinkEncoder,
    command_of,
    usual_info,
)
from tests.bumble_link import ADDRESS, Radio, Sensor

NAME = "CLcalf"
#: 100 notifications a second of 10 samples of EMG and one of acceleration.
RATE, EMG_SAMPLES, ACC_SAMPLES = 100, 10, 1
#: An emulated guest on a busy machine may take less than it is sent. What would wait for it for
#: seconds is dropped, as by a radio: bytes that may wait beyond the socket's own buffer.
MOST_UNREAD, SMALL = 2048, 4096
GUEST_ADDRESS = "00:AA:01:02:03:04"
#: Bluetooth 4.2: for newer controllers Linux waits for events that bumble's does not send.
TOO_NEW = (
    LeFeatureMask.LL_PRIVACY
    | LeFeatureMask.LE_EXTENDED_ADVERTISING
    | LeFeatureMask.LE_PERIODIC_ADVERTISING
)


def emg_of(start: int, count: int) -> Array:
    """The samples with these indices, in microvolts; the converter gives them exactly."""
    counts = np.arange(start, start + count, dtype=np.float64) * 37 % 2001 - 1000
    return counts[:, np.newaxis] * (EMG_SCALE_V * 1e6)


class CrampLinkSensor(Sensor):
    """A CrampLink device that never restarts.

    Attributes
    ----------
    said : list of bytes
        All notifications with samples that it handed to its radio.
    wire : asyncio.WriteTransport or None
        Leads to the guest.
    """

    def __init__(self, radio: Radio) -> None:
        super().__init__(radio, ADDRESS, NAME, SERVICE, DATA_UUID, COMMAND_UUID)
        self._encoder = CrampLinkEncoder(usual_info(boot_id=77))
        self._answers: set[asyncio.Task[None]] = set()
        self.said: list[bytes] = []
        self.wire: asyncio.WriteTransport | None = None

    def message(self, number: int) -> bytes:
        emg = emg_of(number * EMG_SAMPLES, EMG_SAMPLES)
        acc = np.array([[0.0, 0.0, 1.0]])
        message = self._encoder.data(self._t_us(), emg, acc)
        self.said.append(message)
        return message

    def missed(self, number: int) -> None:
        self._encoder.skip(EMG_SAMPLES, ACC_SAMPLES)

    def congested(self) -> bool:
        return self.wire is not None and self.wire.get_write_buffer_size() > MOST_UNREAD

    def commanded(self, data: bytes) -> None:
        super().commanded(data)
        command = command_of(data)
        if command is not None:
            task = asyncio.ensure_future(self._answer(self._encoder.answer(command, self._t_us())))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _answer(self, messages: list[bytes]) -> None:
        for one in messages:
            await self.say(one)

    def _t_us(self) -> int:
        return self.number * 1_000_000 // RATE


async def serve(path: str) -> None:
    """Be the radio until standard input ends."""
    radio = Radio()
    sensor = CrampLinkSensor(radio)
    await sensor.switch_on()
    guest = await open_transport(f"unix-client:{path}")
    assert isinstance(guest.sink, StreamPacketSink)
    sensor.wire = guest.sink.transport
    sensor.wire.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
    controller = Controller(
        "guest", host_source=guest.source, host_sink=guest.sink, link=radio,
        public_address=GUEST_ADDRESS,
    )  # fmt: skip
    controller.le_features &= ~TOO_NEW
    controller.le_acl_data_packet_length = 251
    streaming = asyncio.ensure_future(sensor.notify(1_000_000, RATE))
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    _say("ready")
    commands = _commands(radio, sensor)
    while line := (await lines.readline()).decode().strip():
        _say(await commands[line]())
    streaming.cancel()


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _commands(radio: Radio, sensor: CrampLinkSensor) -> dict[str, Callable[[], Awaitable[object]]]:
    async def lose() -> None:
        radio.lose()

    async def freeze() -> None:
        radio.frozen = True

    async def thaw() -> None:
        radio.lose()
        radio.frozen = False
        await sensor.advertise()

    async def said() -> list[str]:
        return [one.hex() for one in sensor.said]

    async def connected() -> int:
        return sensor.connections

    known = (lose, freeze, thaw, said, connected)
    return {"hang_up": sensor.hang_up, **{one.__name__: one for one in known}}


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
