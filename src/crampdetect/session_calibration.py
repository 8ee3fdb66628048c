"""Calibration: the wearer is led through what a leg does, and told why a step did not work.

Its time is the index of the EMG, as for the check: nobody has to press a key while standing up. A
step that failed is asked for again. What is found changes no threshold of the detector: its
profiles are frozen, so that one night can be compared with another.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from crampdetect.detection.types import Item, SignalInfo, Status
from crampdetect.session_calibration_judging import judge
from crampdetect.session_calibration_seen import Seen
from crampdetect.session_calibration_steps import STEPS, Step
from crampdetect.session_check_finding import CheckFinding, unheard
from crampdetect.session_check_signals import LegSignals

__all__ = ["Calibration", "CalibrationResult"]

#: How often a step is asked for; then its reason stands [A].
MOST_ATTEMPTS = 3
#: So long (s) acceleration may come later than the EMG of the same time; then it will not come.
LATE_S = 5.0


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """What a calibration found.

    Parameters
    ----------
    findings : tuple of CheckFinding
        One for every step.
    features : mapping of str to mapping of str to float
        By step: levels over rest, acceleration in g, angles in degrees.
    shank_axis : {"x", "y", "z"} or None
        The axis along the shank, from standing against lying.
    resting_level : float or None
        RMS in the unit of the EMG.
    raise_ratio : float or None
        Height of the foot-raises over it.
    unit : str
    """

    findings: tuple[CheckFinding, ...]
    features: Mapping[str, Mapping[str, float]]
    shank_axis: str | None
    resting_level: float | None
    raise_ratio: float | None
    unit: str


class Calibration:
    """Leads through one calibration.

    Parameters
    ----------
    signals : tuple of SignalInfo
    mains : 50, 60 or None
        None: decided from the first minute.
    """

    def __init__(self, signals: tuple[SignalInfo, ...], mains: int | None = None) -> None:
        self._signals = LegSignals(signals, mains)
        axes = 0 if self._signals.motion is None else self._signals.motion.axes
        self._steps = [step for step in STEPS if axes == 3 or not step.needs_axes]
        self._seen = Seen(self._signals)
        self._findings: dict[str, CheckFinding] = {}
        self._at = 0
        self._attempt = 1
        self._begin = 0.0

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return self._signals.seconds

    @property
    def done(self) -> bool:
        """Whether every step is over, or rest, without which nothing can be compared, failed."""
        return self._at >= len(self._steps)

    @property
    def prompt(self) -> str:
        """What the wearer should do now."""
        if self.done:
            return ""
        step = self._steps[self._at]
        if self.seconds >= self._begin + step.ready_s:
            return f"Now: {step.words}"
        if self._attempt > 1:
            before = self._findings[step.name]
            return f"That did not work: {before.sentence}. {before.advice}. Again: {step.words}"
        return f"Get ready: {step.words}"

    def push(self, item: Item) -> None:
        """Samples or a gap."""
        if isinstance(item, Status) or self.done:
            return
        self._signals.push(item)
        while not self.done and self._is_over(self._steps[self._at]):
            self._judge(self._steps[self._at])

    def battery(self, monotonic_ns: int, millivolts: int | None, percent: int | None) -> None:
        """The battery tells nothing of a leg."""

    def fell_silent(self) -> None:
        """The sensor sends no more: what is owed has failed."""
        self._at = len(self._steps)

    def result(self) -> CalibrationResult:
        """All that was found."""
        missing = (step for step in self._steps if step.name not in self._findings)
        owed = {step.name: unheard(step.name, step.words) for step in missing}
        every = {**self._findings, **owed}
        return CalibrationResult(
            tuple(every[step.name] for step in self._steps),
            dict(self._seen.features),
            self._seen.shank_axis,
            self._seen.rest,
            self._seen.raise_ratio,
            self._signals.emg.unit,
        )

    def _is_over(self, step: Step) -> bool:
        stop = self._begin + step.ready_s + step.length_s
        if self._signals.judged_s < stop:
            return False
        motion = self._signals.motion
        return (
            motion is None
            or motion.dynamic.shape[0] / 2 >= stop
            or self._signals.seconds >= stop + LATE_S
        )

    def _judge(self, step: Step) -> None:
        start = self._begin + step.ready_s
        finding = judge(step.name, self._seen, start, start + step.length_s)
        self._findings[step.name] = finding
        self._begin = self._signals.judged_s
        if finding.level == "failed" and self._attempt < MOST_ATTEMPTS:
            self._attempt += 1
            return
        self._attempt = 1
        # Everything else is compared with rest.
        self._at = len(self._steps) if self._seen.rest is None else self._at + 1
