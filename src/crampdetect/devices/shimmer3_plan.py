"""How a Shimmer3 or Shimmer3R is set up for EMG, and what its links need."""

from crampdetect.devices.link_plan import BlePlan, SerialPlan
from crampdetect.devices.shimmer3_packets import ACK, CLOCK_HZ, HARDWARE

__all__ = ["BLE_PLAN", "GAIN", "SERIAL_PLAN", "start_writes"]

#: Of both EMG channels, as the registers below set it.
GAIN = 12
#: 24 bits of the first chip, low-noise acceleration, battery.
SENSORS = 0x000010 | 0x000080 | 0x002000
#: Registers of the two chips (ADS1292R) from CONFIG1 on, as the maker sets them for EMG; the second
#: one is off. The converter's own rate goes into the first.
FIRST_CHIP = bytes.fromhex("00a81069602000000203")
SECOND_CHIP = bytes.fromhex("00a010e1e10000000201")
#: Rates (Hz) from which the converter takes the next higher one of 125 * 2^code Hz.
CONVERTER_RATES = (125, 250, 500, 1000, 2000)
RATE = 1024
#: A chip needs 0.2 s for its registers.
START_INTERVAL_S = 0.25


def start_writes(rate: int = RATE) -> tuple[bytes, ...]:
    """Stop, checksums, hardware, power, rate, chips, sensors, calibration, inquiry, start.

    Parameters
    ----------
    rate : int
        In Hz; 1024 or 512. Old Bluetooth modules (RN42) do not carry 1024.
    """
    code = sum(rate >= one for one in CONVERTER_RATES)
    chips = tuple(
        bytes([0x61, number, 0, len(registers), registers[0] | code]) + registers[1:]
        for number, registers in enumerate((FIRST_CHIP, SECOND_CHIP))
    )
    return (
        b"\x20",
        b"\x8b\x02",
        b"\x3f",
        b"\x5e\x01",
        b"\x05" + (CLOCK_HZ // rate).to_bytes(2, "little"),
        *chips,
        b"\x08" + SENSORS.to_bytes(3, "little"),
        b"\x2c",
        b"\x01",
        b"\x07",
    )


def _is_shimmer(heard: bytes) -> bool:
    return any(bytes([ACK, HARDWARE, version]) in heard for version in (0x03, 0x0A))


SERIAL_PLAN = SerialPlan(
    baud=115200,
    start=start_writes(),
    stop=(b"\x20",),
    handshake=_is_shimmer,
    start_interval_s=START_INTERVAL_S,
)
_COMMAND = "65333333-a115-11e2-9e9a-0800200ca102"
BLE_PLAN = BlePlan(
    service="65333333-a115-11e2-9e9a-0800200ca100",
    notify=("65333333-a115-11e2-9e9a-0800200ca101",),
    start=tuple((_COMMAND, one) for one in start_writes()),
    stop=((_COMMAND, b"\x20"),),
    names=("Shimmer3R",),
    write=_COMMAND,
    start_interval_s=START_INTERVAL_S,
)
