"""What goes wrong on links, and what has to come of it: damaged messages, frames, byte streams."""

import struct

from wire import LONGEST_RUN, crc16, frame, message

__all__ = ["byte_streams", "framing", "rejected"]

#: W2.
LONGEST_MESSAGE = 512
Entry = dict[str, object]


def rejected() -> list[Entry]:
    """Bytes that are no message."""
    good = message(0x12, 5, 1, 0, b"\x01\x00")
    other = bytes([0xC2]) + good[1:-2]
    long = message(0x13, 5, 1, 0, b"x" * (LONGEST_MESSAGE - 14 + 1))
    cases = (
        ("one bit turned", "W12", good[:7] + bytes([good[7] ^ 1]) + good[8:]),
        ("another major version", "W3", other + struct.pack("<H", crc16(other))),
        ("13 bytes", "W2", good[:11] + struct.pack("<H", crc16(good[:11]))),
        ("513 bytes", "W2", long),
        ("nothing", "W2", b""),
    )
    return [{"name": name, "rules": [rule], "message": text.hex()} for name, rule, text in cases]


def framing() -> list[Entry]:
    """Bytes and their frames, at the edges of COBS."""
    runs = [bytes(1 + k % 255 for k in range(n)) for n in (253, 254, 255, 508, 509)]
    texts = [b"", b"\x00", b"\x00\x00", b"\x11\x22\x00\x33", *runs]
    texts += [runs[1] + b"\x00", b"\x00" + runs[1], runs[3] + b"\x00\x01"]
    return [{"rules": ["W20"], "message": t.hex(), "frame": frame(t).hex()} for t in texts]


def _unframed(piece: bytes) -> bytes | None:
    """What a frame held; None if it is no COBS, or longer than a message may be."""
    out, at = bytearray(), 0
    while at < len(piece):
        code, group = piece[at], piece[at + 1 : at + piece[at]]
        at += code
        if len(group) < code - 1:
            return None
        out += group + (b"\x00" if code <= LONGEST_RUN and at < len(piece) else b"")
    return bytes(out) if len(out) <= LONGEST_MESSAGE else None


def byte_streams(night: list[bytes]) -> list[Entry]:
    """As a port would hear them; `framed` is all that was between two zeros and is COBS."""
    clean = b"\x00" + b"".join(frame(one) for one in night)
    at = clean.index(frame(night[3])) + 40
    turned = clean[:at] + bytes([clean[at] ^ 0x11]) + clean[at + 1 :]
    boot_text = b"ets Jul 29 2019 rst:0x1 (POWERON_RESET)\r\n"
    half = frame(night[2])[:100]
    cases = (
        ("clean", "W20 W21", clean, night),
        ("one byte turned", "W12 W22", turned, night[:3] + night[4:]),
        ("text of a boot loader before it", "W21 W22", boot_text + clean, night),
        ("half a frame, then a fresh start", "W21 W22", half + clean, night),
        ("an endless frame", "W22", b"\x05" * 2000 + clean, night),
    )
    out: list[Entry] = []
    for name, rules, heard, good in cases:
        pieces = [_unframed(piece) for piece in heard.split(b"\x00")[:-1] if piece]
        framed = [one.hex() for one in pieces if one]
        fields: Entry = {"name": name, "rules": rules.split(), "bytes": heard.hex()}
        fields |= {"messages": [one.hex() for one in good], "framed": framed}
        out.append({**fields, "broken": pieces.count(None)})
    return out
