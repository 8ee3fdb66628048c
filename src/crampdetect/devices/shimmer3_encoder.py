"""The sensor's side of Shimmer3 and Shimmer3R, for emulators and tests."""

from collections.abc import Mapping

from crampdetect.devices.shimmer3_packets import (
    ACK,
    BATTERY,
    CALIBRATION,
    CALIBRATION_BYTES,
    CHANNELS,
    CONFIG_BYTES,
    HARDWARE,
    IN_STREAM,
    INQUIRY,
    WIDTH,
    Layout,
    crc,
)

__all__ = ["NACK", "Shimmer3Encoder"]

NACK = b"\xfe"
VERSIONS = {"shimmer3": 0x03, "shimmer3r": 0x0A}
#: Bytes behind the opcode of the commands that are only acknowledged.
ARGUMENTS = {0x05: 2, 0x08: 3, 0x5E: 1, 0x8B: 1, 0xA3: 1, 0x07: 0, 0x20: 0, 0x70: 0, 0x97: 0}


class Shimmer3Encoder:
    """One device; its clock goes on, whatever is sent.

    Parameters
    ----------
    layout : Layout
        What it answers to an inquiry, whatever sensors are asked for.
    battery : int
        12 bits.
    blocks : bytes
        Its calibration; nothing stored by default.
    """

    def __init__(
        self, layout: Layout, battery: int = 2600, blocks: bytes = bytes(CALIBRATION_BYTES)
    ) -> None:
        self.layout, self.battery, self._blocks = layout, battery, blocks
        self.ticks = 0
        self.checked = self.streaming = False

    def answer(self, command: bytes) -> bytes:
        """What the device says to one command; unknown ones are refused."""
        match command[0]:
            case 0x3F:
                said = bytes([HARDWARE, VERSIONS[self.layout.hardware]])
            case 0x01:
                said = self._inquiry()
            case 0x2C:
                said = bytes([CALIBRATION]) + self._blocks
            case 0x95:
                said = bytes([IN_STREAM, BATTERY]) + self.battery.to_bytes(2, "little") + b"\x80"
            case 0x61 if len(command) == 4 + command[3]:
                said = b""
            case op if ARGUMENTS.get(op) == len(command) - 1:
                said = b""
                self._obey(command)
            case _:
                return NACK
        return self._sealed(bytes([ACK]) + said)

    def _obey(self, command: bytes) -> None:
        if command[0] == 0x8B:
            self.checked = command[1] == 2
        elif command[0] in (0x07, 0x70):
            self.streaming = True
        elif command[0] in (0x20, 0x97):
            self.streaming = False

    def _inquiry(self) -> bytes:
        layout = self.layout
        config = bytes(CONFIG_BYTES[layout.hardware])
        head = bytes([INQUIRY]) + layout.divisor.to_bytes(2, "little") + config
        return head + bytes([len(layout.ids), 1, *layout.ids])

    def packet(self, values: Mapping[int, int]) -> bytes:
        """The next data packet.

        Parameters
        ----------
        values : mapping of int to int
            Counts by the id of the channel; 0 where none is given.
        """
        out = b"\x00" + (self.ticks % (1 << 24)).to_bytes(3, "little")
        for one in self.layout.ids:
            kind = self.layout.kind(one)
            number, width, signed = values.get(one, 0), WIDTH[CHANNELS[one]], "i" in kind
            if kind in (">i2", "i24"):
                out += number.to_bytes(width, "big", signed=signed)
            else:
                out += number.to_bytes(width, "little", signed=signed)
        self.skip(1)
        return self._sealed(out)

    def skip(self, count: int) -> None:
        """Packets that are taken and never sent."""
        self.ticks += count * self.layout.divisor

    def _sealed(self, data: bytes) -> bytes:
        return data + crc(data) if self.checked else data
