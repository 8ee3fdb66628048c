"""What flows: signal descriptions, samples, gaps, statuses, window batches and episodes.

All frozen, all counted in sample or window indices since the recording began; seconds and dates
exist only at the edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "KINDS",
    "Array",
    "Capability",
    "Episode",
    "Gap",
    "Item",
    "Kind",
    "Motion",
    "Provisional",
    "Samples",
    "SignalInfo",
    "Span",
    "Status",
    "Stream",
]

Array = NDArray[np.float64]
Stream = Literal["emg", "acc"]
Kind = Literal[
    "cramp",
    "unsure",
    "limb_movement",
    "body_movement",
    "upright",
    "voluntary_hold",
    "tonic",
    "rhythmic",
    "artefact",
]
#: The closed set of verdicts, in one place.
KINDS: tuple[Kind, ...] = (
    "cramp",
    "unsure",
    "limb_movement",
    "body_movement",
    "upright",
    "voluntary_hold",
    "tonic",
    "rhythmic",
    "artefact",
)
Capability = Literal["spectral", "spectral_reduced", "envelope"]
Motion = Literal["acc3", "acc", "none"]

#: Below this rate (Hz) an EMG channel is refused: at 200 Hz the 20-90 Hz band is about half of the
#: power of surface EMG, below that the envelope no longer is one (Phinyomark 2018, PMC5982518).
LOWEST_EMG_RATE = Fraction(200)
#: Reduced spectral features are allowed from here, the full set from the next (Li 2010: 500 Hz
#: costs 0.8 % of accuracy; mean frequency is biased low until 800 Hz [A]).
REDUCED_SPECTRUM_RATE = Fraction(500)
FULL_SPECTRUM_RATE = Fraction(800)


@dataclass(frozen=True, slots=True)
class SignalInfo:
    """Description of one stream, constant for a recording.

    Parameters
    ----------
    stream : {"emg", "acc"}
    channels : tuple of str
        Names as in the source, e.g. ``("Gastroc",)`` or ``("ACC X", "ACC Y", "ACC Z")``.
    nominal_sampling_frequency : Fraction
        In Hz; drives every decision. Never a rounded step.
    unit : str
        ``"uV"`` or ``"a.u."`` for EMG, ``"g"`` for acceleration.
    band : tuple of float or None
        Analogue band of the source in Hz, where it is known.
    comb_filtered : bool
        The source applies a comb filter (spectrum unusable, envelope fine).
    rails : tuple of (float, float) or None, one per channel
        The physical values at which the source saturates, in `unit`; ``None`` where unknown.
    resolution : tuple of (float or None), one per channel
        One least significant bit (LSB), in `unit`; ``None`` where unknown.
    """

    stream: Stream
    channels: tuple[str, ...]
    nominal_sampling_frequency: Fraction
    unit: str
    band: tuple[float, float] | None = None
    comb_filtered: bool = False
    rails: tuple[tuple[float, float] | None, ...] = ()
    resolution: tuple[float | None, ...] = ()

    @property
    def amplitude_known(self) -> bool:
        """Whether values are microvolts (EMG) or g (ACC) rather than arbitrary units."""
        return self.unit in ("uV", "g")

    @property
    def capability(self) -> Capability:
        """What the spectrum of an EMG stream can show, by rate and comb filter, never by name."""
        if self.comb_filtered or self.nominal_sampling_frequency < REDUCED_SPECTRUM_RATE:
            return "envelope"
        if self.nominal_sampling_frequency < FULL_SPECTRUM_RATE:
            return "spectral_reduced"
        return "spectral"


@dataclass(frozen=True, slots=True)
class Samples:
    """Consecutive samples of one stream.

    Parameters
    ----------
    stream : {"emg", "acc"}
    start : int
        Index of the first sample since the recording began.
    values : Array, shape (n_samples, n_channels)
        Float64, C-contiguous, in the unit of the stream; never NaN, never spanning a gap, never
        written to.
    """

    stream: Stream
    start: int
    values: Array

    @property
    def stop(self) -> int:
        """Index after the last sample."""
        return self.start + int(self.values.shape[0])


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples ``start`` to ``stop`` (exclusive) of `stream` that do not exist.

    `cause` is a short word (``"missing"``, ``"nan"``, ``"bad_annotation"``, ``"disconnected"``);
    `estimated` says that the length comes from arrival times instead of a counter.
    """

    stream: Stream
    start: int
    stop: int
    cause: str
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """A flag that holds for samples ``start`` to ``stop`` of `stream`."""

    stream: Stream
    start: int
    stop: int
    flag: str


Item = Samples | Gap | Status


@dataclass(frozen=True, slots=True)
class Episode:
    """One judged stretch of muscle activity; look-alikes are episodes of another kind.

    Parameters
    ----------
    onset, offset : int
        Sample indices of the EMG stream; `offset` is exclusive.
    kind : Kind
    probability : float
        Of being a cramp, 0 to 1, rounded to 4 decimals.
    reasons : tuple of str
        In words a lay person understands.
    measures : mapping of str to float
        The event features by name; a feature that this recording cannot show is absent.
    channel : str
        The EMG channel with the highest probability.
    alerted : bool
        Whether a provisional verdict called it a cramp while it lasted.
    """

    onset: int
    offset: int
    kind: Kind
    probability: float
    reasons: tuple[str, ...]
    measures: Mapping[str, float] = field(default_factory=dict)
    channel: str = ""
    alerted: bool = False


@dataclass(frozen=True, slots=True)
class Provisional:
    """A verdict on an episode that still lasts; it may be withdrawn.

    `window` is the window index at which it fell, `onset_bin` the onset in 50-ms bins.
    """

    window: int
    onset_bin: int
    kind: Kind
    probability: float
    channel: str


@dataclass(frozen=True, slots=True)
class Span:
    """EMG samples ``start`` to ``stop`` (exclusive) have one quality `flag` (``quality.FLAGS``)."""

    start: int
    stop: int
    flag: str
