"""Further sensors for tests/decoder_cases.py: their frames hold their own number."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from crampdetect.devices.bitalino_encoder import BitalinoEncoder
from crampdetect.devices.ganglion_encoder import GanglionEncoder
from crampdetect.devices.myo_encoder import MyoEncoder
from crampdetect.devices.npg_lite_encoder import NpgLiteEncoder
from crampdetect.devices.shimmer3_encoder import Shimmer3Encoder
from crampdetect.devices.shimmer3_packets import Layout
from crampdetect.devices.shimmer3_plan import start_writes

if TYPE_CHECKING:
    from tests.decoder_cases import Sensor

#: Where values come round.
BITS_10, BITS_12, BITS_8, WIDE = 500, 2000, 120, 2000
#: Samples that one read of a serial port gives here; three reads fit a counter of 4 bits.
FEW = 5


class BitalinoSensor:
    def __init__(self) -> None:
        self._encoder = BitalinoEncoder()
        self._sent = 0

    def frame(self) -> bytes:
        numbers = np.arange(self._sent, self._sent + FEW) % BITS_10 + 512.0
        self._sent += FEW
        return self._encoder.frames(np.column_stack([numbers, np.full(FEW, 512.0)]), 9)

    def skip(self) -> None:
        self._sent += FEW
        self._encoder.frames(np.zeros((FEW, 2)))

    def hello(self) -> bytes:
        self._encoder.live = False
        return b"".join(self._encoder.answer(one) for one in (0x07, 0x0B))

    def restart(self) -> None:
        self._encoder.seq = 0


class ChordsSensor:
    def __init__(self) -> None:
        self._encoder = NpgLiteEncoder()
        self._sent = 0

    def frame(self) -> bytes:
        numbers = np.arange(self._sent, self._sent + FEW) % BITS_12 + 2048.0
        self._sent += FEW
        return self._encoder.serial(np.column_stack([numbers, numbers, np.zeros(FEW)]))

    def skip(self) -> None:
        self._sent += FEW
        self._encoder.skip(FEW)

    def hello(self) -> bytes:
        return b"NPG-LITE\r\n"

    def restart(self) -> None:
        self._encoder.start()


class NpgLiteSensor:
    def __init__(self) -> None:
        self._encoder = NpgLiteEncoder()
        self._sent = 0

    def frame(self) -> bytes:
        numbers = np.arange(self._sent, self._sent + 10) % BITS_12 + 2048.0
        self._sent += 10
        return self._encoder.notification(np.column_stack([numbers, numbers, numbers]))

    def skip(self) -> None:
        self._sent += 10
        self._encoder.skip(10)

    def hello(self) -> bytes:
        return b""

    def restart(self) -> None:
        self._encoder.start()


class Shimmer3Sensor:
    def __init__(self, hardware: str) -> None:
        ids = (0x00, 0x01, 0x02, 0x03, 0x1D, 0x1E, 0x1F)
        self._encoder = Shimmer3Encoder(Layout(hardware, 32, ids))
        self._sent = 0

    def frame(self) -> bytes:
        numbers = [number % WIDE for number in range(self._sent, self._sent + FEW)]
        self._sent += FEW
        fixed = {0x00: 2047, 0x03: 2600, 0x1D: 0x80}
        packets = [self._encoder.packet({**fixed, 0x1E: one, 0x1F: -one}) for one in numbers]
        return b"".join(packets)

    def skip(self) -> None:
        self._sent += FEW
        self._encoder.skip(FEW)

    def hello(self) -> bytes:
        return b"".join(self._encoder.answer(one) for one in start_writes())

    def restart(self) -> None:
        self._encoder.ticks = 0


class Ganglion3Sensor:
    """The packet after the start, which bears an odd number, is its greeting."""

    def __init__(self) -> None:
        self._encoder = GanglionEncoder("3")
        self._sent = 0

    def frame(self) -> bytes:
        while True:
            number = float(self._sent % WIDE)
            counts = np.array([number * 128, 0.0, -number * 128, 0.0])
            before = self._encoder.paired
            packet = self._encoder.push(counts, np.array([1.0, 2.0, 62.0]))
            self._sent += packet is not None or self._encoder.paired != before
            if packet is not None:
                return packet

    def skip(self) -> None:
        self.frame()

    def hello(self) -> bytes:
        self._encoder.start()
        sent = self._sent
        first = self.frame()
        self._sent = sent
        return first

    def restart(self) -> None:
        pass


class MyoSensor:
    def __init__(self) -> None:
        self._encoder = MyoEncoder()
        self._sent = 0
        self.endpoint = ""

    def frame(self) -> bytes:
        numbers = np.arange(self._sent, self._sent + 2) % BITS_8
        self._sent += 2
        self.endpoint, data = self._encoder.emg(np.tile(numbers[:, np.newaxis], 8))
        return data

    def skip(self) -> None:
        self._sent += 2
        self._encoder.skip()

    def hello(self) -> bytes:
        return b""

    def restart(self) -> None:
        pass


class Row(NamedTuple):
    """As Case in tests/decoder_cases.py."""

    kind: str
    sensor: Callable[[], "Sensor"]
    size: int
    stream: bool
    counter: int
    round: int
    rate: float
    twice: float = 0.05


MORE = (
    Row("bitalino", BitalinoSensor, FEW, True, 16, BITS_10, 1000.0, 0.0),
    Row("chords", ChordsSensor, FEW, True, 256, BITS_12, 500.0, 0.0),
    Row("npg-lite", NpgLiteSensor, 10, False, 256, BITS_12, 500.0),
    Row("shimmer3", lambda: Shimmer3Sensor("shimmer3"), FEW, True, 1 << 32, WIDE, 1024.0),
    Row("shimmer3r-ble", lambda: Shimmer3Sensor("shimmer3r"), FEW, True, 1 << 32, WIDE, 1024.0),
    Row("ganglion-3", Ganglion3Sensor, 2, False, 200, WIDE, 200.0),
    Row("myo", MyoSensor, 2, False, 8, BITS_8, 200.0),
)
