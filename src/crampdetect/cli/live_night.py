"""Runs one night: link, capture, judging, status line, alerts, and an end that keeps everything."""

import sys
import threading
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.live_line import LiveLine, status_text
from crampdetect.cli.stopping import Stopping, stopping
from crampdetect.cli.terminal import complain, say
from crampdetect.errors import RecordingError

if TYPE_CHECKING:
    from crampdetect.alerting.alerts import Alerts
    from crampdetect.cli.live_setup import NightPlan
    from crampdetect.link import LinkEvent
    from crampdetect.records import Replay
    from crampdetect.service_notify import ServiceNotify
    from crampdetect.session_demo import DemoSource
    from crampdetect.session_loop import LinkSource
    from crampdetect.session_night import NightSession
    from crampdetect.storage.capture_writer import CaptureWriter

__all__ = ["LiveNight"]

#: Sentences of the link that wait to be shown: a radio that flutters must not fill memory.
MOST_SENTENCES = 100


class LiveNight:
    """One night.

    Parameters
    ----------
    plan : NightPlan
    """

    def __init__(self, plan: "NightPlan") -> None:
        from crampdetect.storage.nights_folder import capture_path

        self._plan = plan
        self._head = plan.head()
        utc = plan.clock.utc_ns()
        self.path: Path = capture_path(plan.folder, utc, self._head.recording_id)
        self._session: NightSession | None = None
        self._began_ns = plan.clock.monotonic_ns()
        self._line = LiveLine()
        self._said: deque[str] = deque(maxlen=MOST_SENTENCES)
        self._felt: deque[int] = deque(maxlen=MOST_SENTENCES)

    def run(self) -> str | None:
        """Record until it ends; a sentence if it ended because something failed.

        Raises
        ------
        RecordingError
            The capture cannot be begun.
        """
        from crampdetect.alerting.alerts import Alerts
        from crampdetect.keep_awake import keep_awake
        from crampdetect.service_notify import ServiceNotify
        from crampdetect.storage.capture_writer import CaptureWriter

        plan, service = self._plan, ServiceNotify()
        alerts = Alerts(plan.alerts, plan.clock)
        for remark in alerts.remarks:
            say(remark)
        durable = not plan.is_demo
        with stopping(plan.until_utc_ns) as wish, keep_awake() as awake:
            if awake.warning and not plan.is_demo:
                complain(awake.warning)
            with CaptureWriter(self.path, self._head, plan.clock, durable=durable) as writer:
                failed = self._record(writer, wish, alerts, service)
            service.stopping()
            for sentence in alerts.close():
                complain(sentence)
        return failed

    def replay(self) -> "Replay | None":
        """What was found; None if the sensor sent nothing."""
        return None if self._session is None else self._session.replay(self.path)

    def battery_per_hour(self) -> tuple[str, float] | None:
        """``"percent"`` or ``"millivolts"`` and how much an hour took; None while not known."""
        return None if self._session is None else self._session.state.forecast.per_hour()

    def _record(
        self, writer: "CaptureWriter", wish: Stopping, alerts: "Alerts", service: "ServiceNotify"
    ) -> str | None:
        from crampdetect.session_loop import run_night
        from crampdetect.session_night import NightSession

        clock = self._plan.clock
        decoder, source = self._plan.opened(self._tell)
        session = NightSession(
            decoder, writer, self._plan.settings, lambda one: alerts.hear(one, session.state.rate)
        )
        self._session = session
        self._hear_keys()
        service.ready()
        failed, reason = None, "ended"
        try:
            reason = run_night(
                session,
                source,
                clock,
                lambda: wish.now(clock.utc_ns()),
                lambda: self._each_second(session, alerts, service),
            )
        except RecordingError as error:
            failed, reason = str(error), "disk"
        finally:
            source.stop()
        self._line.clear()
        return self._finish(session, source, reason, failed)

    def _finish(
        self,
        session: "NightSession",
        source: "LinkSource | DemoSource",
        reason: str,
        failed: str | None,
    ) -> str | None:
        """What had arrived is kept too, then the night is judged to its end."""
        try:
            while failed is None and (event := _left(source)) is not None:
                session.push(event)
            session.finish(reason)
        except RecordingError as error:
            failed = failed or str(error)
        return failed

    def _each_second(
        self, session: "NightSession", alerts: "Alerts", service: "ServiceNotify"
    ) -> None:
        import shutil

        from crampdetect.alerting.night_facts import facts_of

        now, state = self._plan.clock.monotonic_ns(), session.state
        while self._felt:
            session.mark(self._felt.popleft())
        while self._said:
            self._line.clear()
            complain(self._said.popleft())
        free = shutil.disk_usage(self._plan.folder).free
        alerts.watch(facts_of(state, self._began_ns, now, free))
        alerts.status(state.cramps, state.battery_percent)
        service.beat()
        empty = state.forecast.empty_ns()
        ends = None if empty is None else self._moment(empty)
        self._line.show(status_text(state, self._moment(now), ends))

    def _moment(self, monotonic_ns: int) -> datetime:
        """By the wearer's clock."""
        clock = self._plan.clock
        at = clock.utc_ns() + monotonic_ns - clock.monotonic_ns()
        return datetime.fromtimestamp(at / 1e9, UTC).astimezone(self._plan.zone)

    def _tell(self, text: str, reason: str) -> None:
        """From the link's thread: what it is doing, for the screen."""
        if reason not in ("searching", "connecting", "stopped"):
            self._said.append(text)

    def _hear_keys(self) -> None:
        """Enter marks a cramp that is felt; only where somebody sits at a keyboard."""
        if not sys.stdin.isatty():
            return

        def listen() -> None:
            for _ in sys.stdin:
                self._felt.append(self._plan.clock.monotonic_ns())

        threading.Thread(target=listen, name="keys", daemon=True).start()


def _left(source: "LinkSource | DemoSource") -> "LinkEvent | None":
    """What had arrived before the link was stopped."""
    try:
        return source.next(0.0)
    except EOFError:
        return None
