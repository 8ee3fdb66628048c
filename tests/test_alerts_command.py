"""A real command, in a process of its own: what it is told, and what becomes of one that hangs."""

import json
import shlex
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from crampdetect.alerting.command import CommandReceiver
from crampdetect.alerting.delivery import Delivery
from crampdetect.alerting.messages import Message
from tests.alert_rigs import until

CRAMP = Message("cramp", 1_767_225_600_000_000_000, 0.93)
FAULT = Message("fault", 0, cause="no_data", text="no data from the sensor")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="uses sh")


def python(code: str, *words: str) -> str:
    return shlex.join([sys.executable, "-c", code, *words])


def gone(number: int) -> bool:
    """Whether a process has ended; whoever started it may not have noticed yet."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def test_a_command_is_told_what_happened(tmp_path: Path) -> None:
    # The words are taken as they are: no shell looks at them.
    out = tmp_path / "it's; $(touch x) out"
    code = (
        "import json, os, sys; own = {k: v for k, v in os.environ.items() if k[:6] == 'CRAMPD'}; "
        "open(sys.argv[1], 'w').write(json.dumps(own))"
    )
    assert CommandReceiver(python(code, str(out)), "on_cramp", "cramp").deliver(CRAMP) is None
    told = json.loads(out.read_text())
    assert told["CRAMPDETECT_EVENT"] == "cramp"
    assert told["CRAMPDETECT_TIME"] == "2026-01-01T00:00:00Z"
    assert told["CRAMPDETECT_PROBABILITY"] == "0.93"
    assert not {"CRAMPDETECT_CAUSE", "CRAMPDETECT_TEXT"} & set(told)
    assert CommandReceiver(python(code, str(out)), "on_fault", "fault").deliver(FAULT) is None
    told = json.loads(out.read_text())
    assert told["CRAMPDETECT_CAUSE"] == "no_data"
    assert told["CRAMPDETECT_TEXT"] == "no data from the sensor"
    assert [each.name for each in tmp_path.iterdir()] == [out.name]


def test_a_command_has_no_terminal_and_its_own_session(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        "import os, sys; print('noise'); alone = os.getsid(0) == os.getpid(); "
        "open(sys.argv[1], 'w').write(f'{alone} {sys.stdin.read()!r}')"
    )
    CommandReceiver(python(code, str(out)), "on_cramp", "cramp").deliver(CRAMP)
    assert out.read_text() == "True ''"


def test_a_command_is_for_its_own_event() -> None:
    receiver = CommandReceiver("true", "on_cramp", "cramp")
    assert receiver.wants(CRAMP)
    for event in ("over", "withdrawn", "fault", "fault_over"):
        assert not receiver.wants(Message(event, 0))


def test_a_failure_is_told_in_words(tmp_path: Path) -> None:
    receiver = CommandReceiver("sh -c 'exit 3'", "on_cramp", "cramp")
    assert receiver.deliver(CRAMP) == "it ended with 3"
    receiver = CommandReceiver("sh -c 'kill -9 $$'", "on_cramp", "cramp")
    assert receiver.deliver(CRAMP) == "it was ended by signal 9"
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o700)
    failure = CommandReceiver(str(script), "on_cramp", "cramp").deliver(CRAMP)
    assert failure == "it could not be run (No such file or directory)"


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    numbers = tmp_path / "numbers"
    # Neither the shell nor its child listens to a polite signal.
    script = f"trap '' TERM; sleep 600 & echo $$ $! > {shlex.quote(str(numbers))}; wait; wait"
    line = shlex.join(["sh", "-c", script])
    began = time.monotonic()
    failure = CommandReceiver(line, "on_cramp", "cramp", timeout_s=0.5).deliver(CRAMP)
    assert failure == "not done within 0.5 s, so it was ended"
    assert time.monotonic() - began < 10.0
    for number in numbers.read_text().split():
        until(partial(gone, int(number)))


def test_the_night_does_not_wait_for_a_command(tmp_path: Path) -> None:
    numbers = tmp_path / "number"
    script = f"echo $$ > {shlex.quote(str(numbers))}; exec sleep 600"
    delivery = Delivery(CommandReceiver(shlex.join(["sh", "-c", script]), "on_cramp", "cramp"))
    delivery.put(CRAMP)
    until(lambda: numbers.exists() and numbers.read_text() != "")
    began = time.monotonic()
    for _ in range(199):
        delivery.put(CRAMP)
    assert time.monotonic() - began < 1.0
    number = int(numbers.read_text())
    assert not gone(number)
    delivery.end()
    told = delivery.join(0.1)
    assert gone(number)
    # Of 200 one was running, 64 were waiting, and the others had been dropped.
    assert told == [
        "the on_cramp command failed 135 times: too many were waiting",
        "the on_cramp command failed 64 times: no time was left",
    ]


def test_an_alarm_ends_at_once_when_it_is_muted(tmp_path: Path) -> None:
    numbers = tmp_path / "number"
    script = f"echo $$ > {shlex.quote(str(numbers))}; exec sleep 600"
    delivery = Delivery(CommandReceiver(shlex.join(["sh", "-c", script]), "on_cramp", "cramp"))
    delivery.put(CRAMP)
    delivery.put(CRAMP)
    until(lambda: numbers.exists() and numbers.read_text() != "")
    began = time.monotonic()
    delivery.drop()
    assert time.monotonic() - began < 5.0
    assert gone(int(numbers.read_text()))
    numbers.unlink()
    delivery.put(CRAMP)
    assert delivery.join(5.0) == []
    assert not numbers.exists()
    assert not [each for each in threading.enumerate() if each.name == "the on_cramp command"]


def test_what_waits_is_still_delivered_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = f"echo $CRAMPDETECT_PROBABILITY >> {shlex.quote(str(out))}"
    delivery = Delivery(CommandReceiver(shlex.join(["sh", "-c", script]), "on_cramp", "cramp"))
    for count in range(5):
        delivery.put(Message("cramp", 0, count / 10))
    delivery.end()
    assert delivery.join(20.0) == []
    assert out.read_text().split() == ["0.0", "0.1", "0.2", "0.3", "0.4"]
