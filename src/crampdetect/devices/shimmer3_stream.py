"""Packets and answers of a Shimmer out of its bytes.

With checksums two packets in a row are believed, without them three whose timestamps fit. Answers
to commands are taken wherever they are met.
"""

from collections.abc import Iterator

from crampdetect.devices.chained_frames import MORE, ChainedFrames
from crampdetect.devices.shimmer3_packets import (
    ACK,
    BATTERY,
    CALIBRATION,
    CALIBRATION_BYTES,
    CONFIG_BYTES,
    DATA,
    HARDWARE,
    IN_STREAM,
    INQUIRY,
    STATUS,
    Layout,
    crc,
    layout_of,
)

__all__ = ["PacketStream"]

#: Packets in a row, with a checksum and without.
RUN, RUN_UNCHECKED = 2, 3
#: Without a checksum: timestamps advance by at most so many packets, and jitter by a tick.
MOST_LOST, JITTER = 50, 1
CLOCK_MODULUS = 1 << 24
#: Bytes of answers that are always the same, from the ACK on.
HARDWARE_BYTES, BATTERY_BYTES = 3, 6
#: Status has one byte, that of Shimmer3R two.
STATUS_BYTES = (4, 5)


class PacketStream:
    """Cuts the bytes of one device.

    Parameters
    ----------
    checked : bool
        The device was told to send checksums of two bytes.

    Attributes
    ----------
    hardware : str
        ``"shimmer3"`` or ``"shimmer3r"``; empty while that is not known.
    """

    def __init__(self, checked: bool) -> None:
        self.hardware = ""
        self._layout: Layout | None = None
        self._length = 0
        self._checked = checked
        run = RUN if checked else RUN_UNCHECKED
        self._frames = ChainedFrames(self._measure, self._fits, run, alone=_is_answer)

    @property
    def layout(self) -> Layout | None:
        """Of the data packets; to be set as soon as an answer tells it."""
        return self._layout

    @layout.setter
    def layout(self, layout: Layout) -> None:
        self._layout, self._length = layout, layout.length

    @property
    def skipped(self) -> int:
        """Stretches of bytes that were no packets."""
        return self._frames.skipped

    def clear(self) -> None:
        """The link is a new one."""
        self._frames.clear()

    def push(self, data: bytes) -> Iterator[bytes]:
        """Packets and answers, with their checksums."""
        return self._frames.push(data)

    def finish(self) -> list[bytes]:
        """The link ended: what waits to be believed."""
        return self._frames.finish()

    def _measure(self, buffer: bytearray, at: int) -> int:
        if buffer[at] == ACK:
            return self._answer(buffer, at)
        if buffer[at] != DATA or self._layout is None:
            return 0
        return self._sealed(buffer, at, self._length)

    def _sealed(self, buffer: bytearray, at: int, length: int) -> int:
        """Length with the checksum, if that is right."""
        stop = at + length
        whole = length + 2 * self._checked
        if len(buffer) - at < whole:
            return MORE
        if self._checked and buffer[stop : stop + 2] != crc(buffer[at:stop]):
            return 0
        return whole

    def _answer(self, buffer: bytearray, at: int) -> int:
        if len(buffer) - at < 2:
            return MORE
        match buffer[at + 1]:
            case op if op == HARDWARE:
                return self._either(buffer, at, HARDWARE_BYTES)
            case op if op == INQUIRY and self.hardware:
                return self._inquiry(buffer, at)
            case op if op == CALIBRATION:
                found = self._sealed(buffer, at, 2 + CALIBRATION_BYTES)
            case op if op == IN_STREAM:
                found = self._in_stream(buffer, at)
            case _:
                found = 0
        return found or self._plain(buffer, at)

    def _plain(self, buffer: bytearray, at: int) -> int:
        """An ACK by itself, with its checksum or, before that was switched on, without."""
        seal = crc(bytes([ACK])) if self._checked else b""
        behind = bytes(buffer[at + 1 : at + 1 + len(seal)])
        if behind == seal:
            return 1 + len(seal)
        return MORE if len(behind) < len(seal) and seal.startswith(behind) else 1

    def _inquiry(self, buffer: bytearray, at: int) -> int:
        head = 1 + 3 + CONFIG_BYTES[self.hardware]
        if len(buffer) - at < head + 2:
            return MORE
        length = head + 2 + buffer[at + head]
        if len(buffer) - at < length and buffer[at + head] <= 32:
            return MORE
        layout = layout_of(buffer[at + 1 : at + length], self.hardware)
        if layout is None or not layout.emg:
            return self._plain(buffer, at)
        return self._either(buffer, at, length)

    def _either(self, buffer: bytearray, at: int, length: int) -> int:
        """Checksums may be switched on only after this answer."""
        return self._sealed(buffer, at, length) or length

    def _in_stream(self, buffer: bytearray, at: int) -> int:
        if len(buffer) - at < 3:
            return MORE
        if buffer[at + 2] == BATTERY:
            return self._sealed(buffer, at, BATTERY_BYTES)
        if buffer[at + 2] != STATUS:
            return 0
        if not self._checked:
            return self._sealed(buffer, at, STATUS_BYTES[self.hardware == "shimmer3r"])
        for length in STATUS_BYTES:
            found = self._sealed(buffer, at, length)
            if found:
                return found
        return 0

    def _fits(self, before: bytes, packet: bytes) -> bool:
        """Whether a packet may stand behind another."""
        if self._checked or self._layout is None:
            return True
        stamps = [int.from_bytes(one[1:4], "little") for one in (before, packet)]
        divisor = self._layout.divisor
        ahead = (stamps[1] - stamps[0]) % CLOCK_MODULUS
        count = (ahead + divisor // 2) // divisor
        return 1 <= count <= MOST_LOST and abs(ahead - count * divisor) <= JITTER


def _is_answer(frame: bytes) -> bool:
    return frame[0] == ACK
