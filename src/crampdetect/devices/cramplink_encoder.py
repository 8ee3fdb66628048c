"""The sensor's side of CrampLink, for emulators and tests: from samples to messages."""

import struct
from dataclasses import replace

import numpy as np

from crampdetect.detection.types import Array
from crampdetect.devices.cramplink_info import Info, StreamInfo, info_body
from crampdetect.devices.cramplink_messages import (
    Flag,
    Message,
    Type,
    block_bytes,
    pack,
    parse,
    unframed,
)

__all__ = ["CrampLinkEncoder", "command_of", "usual_info"]

#: 1 LSB of the usual sensor: 2.4 uV, as 12 bits of 3.3 V behind a gain of 336 give; +-4 g in 16
#: bits.
EMG_SCALE_V, ACC_SCALE_G = float(np.float32(2.4e-6)), 1.0 / 8192.0
EMG_BITS, ACC_BITS = 12, 16
UNKNOWN_TEMPERATURE = -128


def usual_info(
    boot_id: int, rate_mhz: int = 1_000_000, acc_mhz: int = 100_000, name: str = "calf-demo"
) -> Info:
    """A sensor with one channel of EMG (20-450 Hz) and three axes of acceleration."""
    emg = StreamInfo(1, 1, 0x10, 1, rate_mhz, EMG_SCALE_V, 0.0, 2000, 450, EMG_BITS, "EMG")
    acc = StreamInfo(2, 2, 0x30, 2, acc_mhz, ACC_SCALE_G, 0.0, 0, 0, ACC_BITS, "ACC")
    return Info(b"crampdet", boot_id, (1, 0, 0), name, (emg, acc))


def command_of(data: bytes, framing: str = "message") -> Message | None:
    """The host's command in one write; None if it is none."""
    if framing == "message":
        return parse(data)
    frames = (unframed(one) for one in data.split(b"\x00") if one)
    return next((parse(one) for one in frames if one is not None), None)


class CrampLinkEncoder:
    """Builds the messages of one device; sequence numbers and indices run on by themselves.

    Parameters
    ----------
    info : Info
        Its first stream is the EMG, its second, if there is one, the acceleration.
    """

    def __init__(self, info: Info) -> None:
        self.info = info
        self._seq = 0
        self._fresh = True
        self._index = [0 for _ in info.streams]

    def restart(self, boot_id: int) -> None:
        """The device starts anew: everything counts from zero."""
        self.info = replace(self.info, boot_id=boot_id)
        self._seq, self._fresh = 0, True
        self._index = [0 for _ in self.info.streams]

    def message(self, kind: int, t_us: int, body: bytes, flags: int = 0) -> bytes:
        """Any message; the first one after a start carries TIME_RESET."""
        flags |= Flag.TIME_RESET if self._fresh else 0
        self._fresh = False
        out = pack(kind, self._seq, t_us, flags, body)
        self._seq += 1
        return out

    def info_message(self, t_us: int) -> bytes:
        """INFO."""
        return self.message(Type.INFO, t_us, info_body(self.info))

    def data(
        self,
        t_us: int,
        emg: Array,
        acc: Array | None = None,
        flags: int = 0,
        block_flags: int = 0,
        acc_off_us: int = 0,
    ) -> bytes:
        """DATA whose first EMG sample is of `t_us`.

        Parameters
        ----------
        t_us : int
        emg : Array, shape (n, n_channels)
            In microvolts (or the device's unit); rounded, and limited to the converter.
        acc : Array, shape (m, 3), optional
            In g.
        flags, block_flags : int
            Of the message, and of the EMG.
        acc_off_us : int
            Of the first acceleration after the first EMG; a multiple of 10.
        """
        info = self.info.streams[0]
        volts = emg * 1e-6 if info.unit == 1 else emg
        parts = [self._block(0, volts, block_flags, 0)]
        if acc is not None and acc.shape[0]:
            parts.append(self._block(1, acc, 0, acc_off_us))
        return self.message(Type.DATA, t_us, b"".join(parts), flags)

    def skip(self, emg: int, acc: int = 0) -> None:
        """Samples that are taken and never sent: the indices run on."""
        for place, count in enumerate((emg, acc)[: len(self._index)]):
            self._index[place] += count

    def status(
        self,
        t_us: int,
        millivolts: int,
        percent: int = 255,
        flags: int = 0,
        lead_off_mask: int = 0,
    ) -> bytes:
        """STATUS."""
        numbers = (millivolts, percent, UNKNOWN_TEMPERATURE, t_us // 1_000_000 % (1 << 32), 0, 0)
        body = struct.pack("<HBbIIIBbBB", *numbers, lead_off_mask, 0, 0, 0)
        return self.message(Type.STATUS, t_us, body, flags)

    def button(self, t_us: int) -> bytes:
        """EVENT: the wearer pressed the button."""
        return self.message(Type.EVENT, t_us, bytes([1, 0]))

    def answer(self, command: Message, t_us: int) -> list[bytes]:
        """What a device says to a command."""
        if command.type == Type.HELLO:
            return [self.info_message(t_us)]
        if command.type == Type.PING:
            clock = t_us.to_bytes(6, "little")
            return [self.message(Type.SYNC, t_us, command.body[:8] + clock + clock)]
        result = 0 if command.type in (Type.START, Type.STOP, Type.MARK) else 1
        body = struct.pack("<BHB", command.type, command.seq, result)
        said = [self.message(Type.ACK, t_us, body)]
        return [*said, self.info_message(t_us)] if command.type == Type.START else said

    def _block(self, place: int, values: Array, flags: int, off_us: int) -> bytes:
        info = self.info.streams[place]
        counts = np.rint((values - info.offset) / info.scale)
        half = 1 << max(0, info.adc_bits - 1)
        raw = np.clip(counts, -half, half - 1) if info.adc_bits else counts
        index = self._index[place]
        self._index[place] += values.shape[0]
        return block_bytes(info.stream, info.fmt, flags, off_us, index, raw)
