"""The table of sensors: every entry loads, decodes noise, and says what to know of it."""

import pytest

from crampdetect.devices.catalogue import DEVICES
from crampdetect.devices.decoder import Decoder
from crampdetect.devices.link_plan import BlePlan, SerialPlan
from crampdetect.link import Connected, Disconnected, Received


@pytest.mark.parametrize("kind", DEVICES)
def test_every_entry_loads(kind: str) -> None:
    device = DEVICES[kind]
    decoder = device.make_decoder()
    assert isinstance(decoder, Decoder)
    assert device.key == kind
    expected = {"ble": BlePlan, "serial": SerialPlan, "none": type(None)}[device.transport]
    assert isinstance(device.plan, expected)
    decoder.push(Connected(0))
    for number in range(50):
        decoder.push(Received(bytes([number, 0xA5]) * number, number * 1_000_000))
    decoder.push(Disconnected(60_000_000))
    decoder.flush()


@pytest.mark.parametrize("kind", DEVICES)
def test_every_entry_is_told(kind: str) -> None:
    device = DEVICES[kind]
    assert device.remarks
    assert all(one[0].isupper() and one.endswith(".") for one in device.remarks)
    assert 500 <= device.bytes_per_second <= 50_000
    assert 10 <= device.events_per_second <= 2_000
    assert not set(device.options) & {name for name, _ in device.fixed}


@pytest.mark.parametrize("kind", [key for key, one in DEVICES.items() if one.transport == "ble"])
def test_uuids_are_in_their_long_form(kind: str) -> None:
    plan = DEVICES[kind].plan
    assert isinstance(plan, BlePlan)
    written = [uuid for uuid, _ in (*plan.start, *plan.stop)]
    for uuid in (plan.service, *plan.notify, *written, *([plan.write] if plan.write else [])):
        assert uuid == uuid.lower()
        assert [len(part) for part in uuid.split("-")] == [8, 4, 4, 4, 12]


def test_an_option_that_a_kind_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="umyo has no option 'gain'; expected unit"):
        DEVICES["umyo"].make_decoder({"gain": "2"})
    with pytest.raises(ValueError, match="cramplink has no option 'framing'; expected none"):
        DEVICES["cramplink"].make_decoder({"framing": "cobs"})
    assert DEVICES["cyton"].make_decoder({"channels": "2"}).signals is not None
