"""``crampdetect night``: check, record and judge until morning, whatever the radio does."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from contextlib import AbstractContextManager, nullcontext
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

from crampdetect.cli.leading import add_sensor_options
from crampdetect.cli.options import add_judging_options, add_log_option, add_wearer_options
from crampdetect.cli.terminal import complain, say

if TYPE_CHECKING:
    from crampdetect.cli.live_night import LiveNight
    from crampdetect.records import Replay
    from crampdetect.storage.configuration import Configuration

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect night
  crampdetect night --until 07:00 --side left --timezone Europe/Oslo
  crampdetect night --device demo --speed 60

Ctrl-C ends the night: what was heard is safe within a second, and judged before the program
ends. Press Enter to mark a cramp that you feel. The night is kept as a capture, from which
`crampdetect replay` gives the same result again. A night that was cut off by a power failure
is finished by `crampdetect recover`, or when the next one starts.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_sensor_options(parser)
    parser.add_argument(
        "--until", metavar="HH:MM", type=clock_time, help="end by the wearer's clock"
    )
    parser.add_argument(
        "--no-check", action="store_true", help="leave out the check before the night"
    )
    parser.add_argument("--folder", metavar="DIR", type=Path, help="where captures are kept")
    add_log_option(parser)
    parser.add_argument("--no-log", action="store_true", help="do not add to the episode log")
    parser.add_argument(
        "--on-cramp", metavar="COMMAND", help="run this when a cramp seems to go on (default: none)"
    )
    parser.add_argument("--mute", action="store_true", help="tell nobody anything in this night")
    add_judging_options(parser)
    add_wearer_options(parser)


def run(arguments: Namespace) -> int:
    """Record a night; 0 if it was kept and judged, 1 if something went wrong on the way."""
    from crampdetect.cli.live_night import LiveNight
    from crampdetect.cli.live_setup import prepared

    plan = prepared(arguments)
    with _log(arguments) as log:
        _finish_earlier(plan.folder, log)
        if not arguments.no_check:
            _check(arguments, plan.configuration)
        night = LiveNight(plan)
        say(f"recording into {night.path}; Ctrl-C ends the night")
        failed = night.run()
        if failed is not None:
            complain(failed)
        replay = night.replay()
        if replay is None:
            complain("the sensor sent nothing that could be judged; nothing is in the log")
            return 1
        _tell(replay, log)
        if not plan.is_demo:
            _keep_drain(night, plan.configuration)
        _mind_budget(plan.folder, plan.configuration.storage.budget_gb)
    return 0 if failed is None else 1


def _check(arguments: Namespace, configuration: "Configuration") -> None:
    """The bedtime check; what it finds is told, and the night begins all the same."""
    from crampdetect.cli.check import check_lines, checked

    _, findings = checked(Namespace(**vars(arguments), json=False), configuration)
    for line in check_lines(findings):
        say(line)
    if any(finding.level == "failed" for finding in findings):
        say("The night begins all the same; Ctrl-C ends it, if you want to see to that first.")


def _mind_budget(folder: Path, budget_gb: float | None) -> None:
    """Captures beyond the wearer's budget are told of; only `forget` deletes, and asks."""
    from crampdetect.storage.nights_folder import over_budget

    beyond = [] if budget_gb is None else over_budget(folder, int(budget_gb * 1e9))
    if beyond:
        say(
            f"the captures take more than {budget_gb:g} GB; to delete the oldest "
            f"{len(beyond)}: crampdetect forget --budget {budget_gb:g}"
        )


def _keep_drain(night: "LiveNight", configuration: "Configuration") -> None:
    """What the night took from the battery, for the forecast of the next check."""
    from crampdetect.storage.configuration import save_configuration, with_value

    drain = night.battery_per_hour()
    if drain is not None:
        unit, per_hour = drain
        save_configuration(with_value(configuration, f"battery.{unit}_per_hour", per_hour))


def _finish_earlier(folder: Path, log: object | None) -> None:
    """A night that was cut off by a power failure is finished before the next."""
    from crampdetect.cli.recover import finish_unfinished
    from crampdetect.storage.log_access import EpisodeLog

    if isinstance(log, EpisodeLog):
        finish_unfinished(folder, log)


def _log(arguments: Namespace) -> "AbstractContextManager[object | None]":
    """The log, opened before the night so that a wrong one is known before sleep."""
    if arguments.no_log or (arguments.device == "demo" and arguments.log is None):
        return nullcontext()
    from crampdetect.storage.log import open_log

    return open_log(arguments.log)


def _tell(replay: "Replay", log: object | None) -> None:
    from crampdetect.cli.log_words import log_lines
    from crampdetect.outputs.night_text import CLAIM, night_lines
    from crampdetect.storage.log_access import EpisodeLog

    for line in night_lines(replay):
        say(line)
    if isinstance(log, EpisodeLog):
        for line in log_lines(log.add(replay), replay.run):
            say(f"  {line}")
    else:
        say("  not added to the log")
    say(CLAIM)


def clock_time(text: str) -> time:
    """A time of day, ``07:00``."""
    try:
        if len(text) != len("07:00"):
            raise ValueError(text)
        return time.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(
            f"{text!r} is no time of day; expected one such as 07:00"
        ) from error
