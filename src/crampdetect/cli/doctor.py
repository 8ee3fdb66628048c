"""``crampdetect doctor``: is everything there that a night needs?"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from crampdetect.cli.options import add_log_option
from crampdetect.cli.terminal import say

__all__ = ["EPILOG", "add_arguments", "run"]

EPILOG = """\
example:
  crampdetect doctor
  crampdetect doctor --bundle support.zip

The bundle is for a request for help. It holds these lines and the versions of programs; no
signal, no episode, no name of a recording or a person. Look into it before you send it.
Exit code 1 if something is missing that crampdetect cannot do without.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--bundle", metavar="ZIP", type=Path, help="write a support bundle without health data"
    )
    add_log_option(parser)


def run(arguments: Namespace) -> int:
    """Print what was found; 1 if something necessary is wrong."""
    from crampdetect.cli.doctor_checks import all_findings

    findings = all_findings(arguments.log)
    for finding in findings:
        say(finding.line)
    if arguments.bundle is not None:
        from crampdetect.cli.support_bundle import write_bundle

        write_bundle(arguments.bundle, findings)
        say(f"wrote {arguments.bundle}: look into it before you send it")
    return 1 if any(finding.level == "wrong" for finding in findings) else 0
