"""The detector of one session and what it adds up: the joint that live and replay share.

Samples and Gaps go in as they come, from a file or from a decoder; at the end a `Replay` is made.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from crampdetect.detection.detector import LOWEST_ACC_RATE, Detector, Output
from crampdetect.detection.flow import Aligned
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import Episode, Gap, Samples, SignalInfo, Span
from crampdetect.records import Replay, RunRecord
from crampdetect.session_pacing import Gathering, InStep
from crampdetect.session_records import (
    Printed,
    Wearing,
    clock_notes,
    episode_record,
    recording_record,
)
from crampdetect.session_settings import AXES, Settings, config_hash, load_model, settled
from crampdetect.session_trace import Spans, TraceCollector, UnseenMotion
from crampdetect.storage.recording import RecordingFile
from crampdetect.version import __version__

__all__ = ["Judging"]


class Judging:
    """Judges one recording while it comes.

    Parameters
    ----------
    signals : tuple of SignalInfo
        As declared; what cannot be used is left out with a note.
    settings : Settings
    acc_unit : str or None
        As a person overrode it; part of the configuration.
    recorded : mapping of str to str, optional
        Settings that came with the recording; what `settings` says goes before it.
    trace : bool
        Collect what a picture needs.
    listen : callable, optional
        Told every output as it comes.

    Raises
    ------
    ModelError
        The model is not one, or does not fit the recording.
    ValueError
        A setting is not one of those allowed.
    """

    def __init__(
        self,
        signals: tuple[SignalInfo, ...],
        settings: Settings,
        *,
        acc_unit: str | None = None,
        recorded: Mapping[str, str] | None = None,
        trace: bool = False,
        listen: Callable[[Output], None] | None = None,
    ) -> None:
        settings = settled(settings, recorded or {})
        if settings.shank_axis not in AXES:
            raise ValueError(f"shank axis is {settings.shank_axis!r}; expected x, y or z")
        chosen, (model, model_hash) = profile(str(settings.profile)), load_model(settings.model)
        self.signals, self._notes = _usable(signals)
        axis = AXES[settings.shank_axis]
        self._detector = Detector(
            self.signals, model, chosen, mains=settings.mains, shank_axis=axis
        )
        self._settings, self._listen = settings, listen
        self._rates = {info.stream: info.nominal_sampling_frequency for info in self.signals}
        self._pacing, self._gathering = InStep(self._rates), Gathering(self._rates)
        self._spans = Spans(self._detector.rate)
        self._episodes: list[Episode] = []
        self._unseen = UnseenMotion(self.signals)
        self._trace = TraceCollector(self.signals[0].unit, axis) if trace else None
        config = config_hash(self.signals, acc_unit, chosen, model_hash, settings)
        self._run = RunRecord(__version__, model.name, chosen.name, config)

    @property
    def rate(self) -> Fraction:
        """Rate (Hz) that the indices of outputs count in."""
        return self._detector.rate

    def push(self, item: Samples | Gap) -> None:
        """Judge what `item` completes; streams that are not used are passed over."""
        if item.stream in self._rates:
            self._judge(self._gathering.push(item))

    def finish(self) -> None:
        """Judge what is still owed at the end."""
        self._judge(self._gathering.flush())
        for paced in self._pacing.flush():
            self._take(self._detector.push(paced))
        self._take(self._detector.flush())

    def replay(self, recording: RecordingFile) -> Replay:
        """All that was found, as what was recorded in `recording`.

        Raises
        ------
        RecordingError
            The file cannot be read.
        ValueError
            The time zone is none.
        """
        settings, config = self._settings, self._run.config_hash
        who = Wearing(settings.participant, settings.side, settings.muscle, settings.electrode_site)
        record = recording_record(recording, self.signals, settings.timezone, who)
        printed = Printed(self.rate, recording.printed)
        notes = (*recording.warnings, *self._notes, *self._unseen.notes(), *clock_notes(record))
        return Replay(
            recording=record,
            run=self._run,
            quality=self._spans.quality(),
            minutes=self._spans.minutes(),
            episodes=tuple(episode_record(one, record, config, printed) for one in self._episodes),
            annotations=recording.annotations,
            warnings=notes,
            invalid_spans=self._spans.invalid(),
            trace=None if self._trace is None else self._trace.trace(),
        )

    def _judge(self, items: list[Samples | Gap]) -> None:
        for item in items:
            for paced in self._pacing.push(item):
                self._take(self._detector.push(paced))

    def _take(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            if isinstance(output, Episode):
                self._episodes.append(output)
            elif isinstance(output, Span):
                self._spans.add(output)
            elif isinstance(output, Aligned):
                self._unseen.add(output)
                if self._trace is not None:
                    self._trace.add(output)
            if self._listen is not None:
                self._listen(output)


def _usable(signals: tuple[SignalInfo, ...]) -> tuple[tuple[SignalInfo, ...], list[str]]:
    """Leave out acceleration that is too slow to show motion."""
    kept, notes = [], []
    for info in signals:
        rate = info.nominal_sampling_frequency
        if info.stream == "acc" and rate < LOWEST_ACC_RATE:
            notes.append(
                f"acceleration at {float(rate):g} Hz is not used: at least {LOWEST_ACC_RATE} Hz "
                "are needed"
            )
        else:
            kept.append(info)
    return tuple(kept), notes
