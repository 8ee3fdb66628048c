"""Hands messages to one receiver in a thread of its own, so that a slow one delays nobody.

What fails is counted by reason and told once, when the night is over.
"""

import threading
from collections import Counter, deque
from typing import Protocol

from crampdetect.alerting.messages import Message

__all__ = ["Delivery", "Receiver", "failures_told"]

#: Messages that may wait for one receiver; then the oldest is dropped, as the newest is what counts
#: to somebody who sleeps. A night has a few dozen [A].
MOST_WAITING = 64
#: Seconds for a receiver to return once it was told to stop [A].
STOP_S = 3.0


class Receiver(Protocol):
    """Where messages go."""

    @property
    def name(self) -> str:
        """In words, without secrets."""

    def wants(self, message: Message) -> bool:
        """Whether this message is for it."""

    def deliver(self, message: Message) -> str | None:
        """Hand it over, taking as long as that takes; in a few fixed words why it failed."""

    def stop(self) -> None:
        """Give up what is being delivered, if that can be; called from another thread."""


class Delivery:
    """A receiver, its thread and what waits for it.

    Parameters
    ----------
    receiver : Receiver
    """

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._waiting: deque[Message] = deque()
        self._changed = threading.Condition()
        self._ending = False
        self._failures: Counter[str] = Counter()
        # A daemon: a receiver that hangs must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name=receiver.name, daemon=True)
        self._thread.start()

    def put(self, message: Message) -> None:
        """Deliver `message` soon; never waits."""
        if not self._receiver.wants(message):
            return
        with self._changed:
            if self._ending:
                return
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self._failures["too many were waiting"] += 1
            self._waiting.append(message)
            self._changed.notify()

    def end(self) -> None:
        """Take no more; what waits is still delivered."""
        with self._changed:
            self._ending = True
            self._changed.notify()

    def drop(self) -> None:
        """Take no more, and give up what waits and what is being delivered."""
        with self._changed:
            self._ending = True
            self._waiting.clear()
            self._changed.notify()
        self._receiver.stop()

    def join(self, patience_s: float) -> list[str]:
        """Wait until all is delivered, at most so long; what failed, in sentences."""
        self._thread.join(patience_s)
        if self._thread.is_alive():
            with self._changed:
                self._failures["no time was left"] += len(self._waiting)
                self._waiting.clear()
            self._receiver.stop()
            self._thread.join(STOP_S)
        with self._changed:
            if self._thread.is_alive():
                self._failures["it was still waited for at the end"] += 1
            return failures_told(self._receiver.name, self._failures)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._ending:
                    self._changed.wait()
                if not self._waiting:
                    return
                message = self._waiting.popleft()
            failure = self._receiver.deliver(message)
            if failure is not None:
                with self._changed:
                    self._failures[failure] += 1


def failures_told(name: str, failures: Counter[str]) -> list[str]:
    """A sentence for each reason.

    Examples
    --------
    >>> failures_told("the webhook at example.org", Counter({"connection refused": 3}))
    ['the webhook at example.org failed 3 times: connection refused']
    """
    return [
        f"{name} failed {count} time{'' if count == 1 else 's'}: {reason}"
        for reason, count in failures.most_common()
        if count
    ]
