"""Decoders with a sensor each: streams of frames whose values are their own number.

A case for a further decoder is one more row of CASES; the laws in test_decoder_laws.py and the
corpus of the fuzzer take it from there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from crampdetect.devices.catalogue import DEVICES
from crampdetect.devices.cramplink_encoder import CrampLinkEncoder, usual_info
from crampdetect.devices.cramplink_messages import framed
from crampdetect.devices.cyton import LSB_UV as CYTON_UV
from crampdetect.devices.cyton_encoder import CytonEncoder
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.umyo_base_encoder import UmyoBaseEncoder
from crampdetect.devices.umyo_gatt_encoder import UmyoGattEncoder
from crampdetect.devices.umyo_signals import LSB_UV as UMYO_UV
from tests.decoder_cases_more import MORE

#: Values come round here, within every sensor's range.
ROUND = 2000


class Sensor(Protocol):
    """What sends frames of `size` samples."""

    def frame(self) -> bytes:
        """The next frame, or message."""

    def skip(self) -> None:
        """A frame that is taken and never sent."""

    def hello(self) -> bytes:
        """What it says after each connection; may be empty."""

    def restart(self) -> None:
        """Its counters begin anew."""


def _numbers(sent: int, size: int, scale: float) -> np.ndarray:
    """Counts that are the samples' own numbers."""
    return ((np.arange(sent, sent + size) % ROUND) * scale)[:, np.newaxis]


class CrampLinkSensor:
    def __init__(self, cobs: bool) -> None:
        self._encoder = CrampLinkEncoder(usual_info(1))
        self._scale = self._encoder.info.streams[0].scale * 1e6
        self._frame = framed if cobs else bytes
        self._sent = self._us = 0
        self._boot = 1

    def frame(self) -> bytes:
        emg = _numbers(self._sent, 80, self._scale)
        acc = np.column_stack([np.zeros((8, 2)), np.ones(8)])
        out = self._encoder.data(self._us, emg, acc)
        self._sent += 80
        self._us += 80_000
        return self._frame(out)

    def skip(self) -> None:
        self._encoder.skip(80, 8)
        self._sent += 80
        self._us += 80_000

    def hello(self) -> bytes:
        return self._frame(self._encoder.info_message(self._us))

    def restart(self) -> None:
        self._boot += 1
        self._us = 0
        self._encoder.restart(self._boot)


class UmyoBaseSensor:
    def __init__(self) -> None:
        self._encoder = UmyoBaseEncoder()
        self._sent = 0

    def frame(self) -> bytes:
        self._sent += 8
        return self._encoder.frame(_numbers(self._sent - 8, 8, UMYO_UV / 2))

    def skip(self) -> None:
        self._sent += 8
        self._encoder.skip(8)

    def hello(self) -> bytes:
        return b""

    def restart(self) -> None:
        self._encoder.restart()


class UmyoGattSensor:
    def __init__(self) -> None:
        self._encoder = UmyoGattEncoder()
        self._sent = 0

    def frame(self) -> bytes:
        self._sent += 24
        return self._encoder.emg(_numbers(self._sent - 24, 24, UMYO_UV))

    def skip(self) -> None:
        self._sent += 24
        self._encoder.skip(24)

    def hello(self) -> bytes:
        return self._encoder.acc()

    def restart(self) -> None:
        self._encoder.restart()


class CytonSensor:
    def __init__(self) -> None:
        self._encoder = CytonEncoder()
        self._sent = 0

    def frame(self) -> bytes:
        self._sent += 1
        acc = (0.0, 0.0, 1.0) if self._sent % 10 == 0 else None
        return self._encoder.frame(_numbers(self._sent - 1, 1, CYTON_UV)[0], acc)

    def skip(self) -> None:
        self._sent += 1
        self._encoder.skip(1)

    def hello(self) -> bytes:
        return b"OpenBCI V3 8-16 channel\n$$$"

    def restart(self) -> None:
        self._encoder.restart()


@dataclass(frozen=True)
class Case:
    """One kind of sensor.

    `stream` says that bytes come as they like, else one delivery is one message; `size` is in EMG
    samples; `counter` is how many of them its counter can tell apart.
    """

    kind: str
    sensor: Callable[[], Sensor]
    size: int
    stream: bool
    counter: int
    #: Where the numbers come round, and samples a second where the decoder does not know them yet.
    round: int = ROUND
    rate: float = 1000.0
    #: How often its link delivers something twice.
    twice: float = 0.05

    def decoder(self) -> Decoder:
        return DEVICES[self.kind].make_decoder({})


CASES: dict[str, Case] = {
    case.kind: case
    for case in (
        Case("cramplink", lambda: CrampLinkSensor(cobs=False), 80, False, 1 << 32),
        Case("cramplink-serial", lambda: CrampLinkSensor(cobs=True), 80, True, 1 << 32),
        Case("umyo", UmyoBaseSensor, 8, True, 2048),
        Case("umyo-gatt", UmyoGattSensor, 24, False, 1 << 32),
        Case("cyton", CytonSensor, 1, True, 256),
        *(Case(*row) for row in MORE),
    )
}
