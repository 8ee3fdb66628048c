"""What goes wrong between skin and file: pops, lead-off, mains, missing samples."""

from dataclasses import dataclass, replace
from typing import ClassVar

from crampdetect.simulation.events import Event, Scene
from crampdetect.simulation.parts import Contact, Hum, Part, Step
from crampdetect.simulation.seeds import Origin
from crampdetect.simulation.truth import EventKind, TruthEvent

__all__ = ["Dropout", "LeadOff", "MainsRise", "Pop"]


@dataclass(frozen=True, kw_only=True)
class Pop(Event):
    """An electrode pop: a step of `height_uv` that recovers exponentially within its duration.

    `channel` is the EMG channel, None: all.
    """

    kind: ClassVar[EventKind] = "artefact"
    origin: ClassVar[Origin] = Origin.POP

    height_uv: float = 2000.0
    channel: int | None = 0

    def parts(self, scene: Scene) -> list[Part]:
        """One step; four time constants make its duration."""
        return [Step(self.onset_s, self.height_uv, self.duration_s / 4, self.channel)]


@dataclass(frozen=True, kw_only=True)
class LeadOff(Event):
    """An electrode that is off, and the recovery when it is back.

    `mode` is ``"rail"``, ``"flat"``, ``"mains"`` (swamped by hum of `hum_uv`) or ``"noise"`` (1/f
    noise and hum of a half-detached electrode); `channel` is the EMG channel, None: all.
    """

    kind: ClassVar[EventKind] = "lead_off"
    origin: ClassVar[Origin] = Origin.LEAD_OFF

    mode: str = "rail"
    hum_uv: float = 1500.0
    channel: int | None = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mode not in ("rail", "flat", "mains", "noise"):
            raise ValueError(
                f"lead-off mode {self.mode!r} is unknown, expected rail, flat, mains or noise"
            )

    def parts(self, scene: Scene) -> list[Part]:
        """The amplifier without a patient, then an exponential recovery (0.1-5 s [R-h])."""
        back = float(scene.rng.uniform(0.1, 0.5))
        height = float(scene.rng.uniform(500.0, 3000.0))
        return [
            Contact(self.onset_s, self.duration_s, self.mode, self.hum_uv, self.channel),
            Step(self.offset_s, height, back, self.channel),
        ]

    def truth(self) -> TruthEvent:
        """Nothing can be judged then."""
        return replace(super().truth(), invalid=True)


@dataclass(frozen=True, kw_only=True)
class MainsRise(Event):
    """Mains hum that steps up for a while, as from a heated blanket; `hum_uv` is its amplitude."""

    kind: ClassVar[EventKind] = "artefact"
    origin: ClassVar[Origin] = Origin.MAINS_RISE

    hum_uv: float = 20.0

    def parts(self, scene: Scene) -> list[Part]:
        """More hum."""
        return [Hum(self.onset_s, self.duration_s, self.hum_uv)]


@dataclass(frozen=True, kw_only=True)
class Dropout(Event):
    """Samples of both streams that never arrived."""

    kind: ClassVar[EventKind] = "gap"
    origin: ClassVar[Origin] = Origin.DROPOUT

    def parts(self, scene: Scene) -> list[Part]:
        """Nothing to draw: the night leaves these samples out."""
        return []

    def truth(self) -> TruthEvent:
        """Nothing can be judged then."""
        return replace(super().truth(), invalid=True)
