"""What is known of one kind of sensor: its link, its decoder, and what to tell the user.

Decoders and plans are imported when they are asked for: a table must not cost what it lists.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, cast

from crampdetect.devices.decoder import Decoder
from crampdetect.devices.link_plan import BlePlan, SerialPlan

__all__ = ["DeviceKind", "LinkKind"]

#: How a sensor is reached; ``"none"`` has no link of its own (the demo, boards of other programs).
LinkKind = Literal["ble", "serial", "none"]


@dataclass(frozen=True, slots=True)
class DeviceKind:
    """A kind of sensor on one kind of link.

    Parameters
    ----------
    key : str
        As in `DEVICES`.
    title : str
        For a person.
    transport : {"ble", "serial", "none"}
    decoder : str
        ``module:class`` below ``crampdetect.devices``.
    plan_at : str
        ``module:constant`` below ``crampdetect.devices``; empty where there is no link.
    bytes_per_second, events_per_second : int
        What its link delivers, about: bytes, and notifications or reads; for the check of the disk
        before a night.
    fixed : tuple of (str, str)
        Arguments of the decoder that the kind decides.
    options : tuple of str
        Names of the decoder's arguments that a user may set; all texts.
    remarks : tuple of str
        Sentences that the user should read before buying or wearing it.
    experimental : bool
    """

    key: str
    title: str
    transport: LinkKind
    decoder: str
    plan_at: str
    bytes_per_second: int
    events_per_second: int
    fixed: tuple[tuple[str, str], ...] = ()
    options: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    experimental: bool = False

    @property
    def plan(self) -> BlePlan | SerialPlan | None:
        """What it needs of its link."""
        if not self.plan_at:
            return None
        plan = _loaded(self.plan_at)
        assert isinstance(plan, BlePlan | SerialPlan)
        return plan

    def make_decoder(self, options: Mapping[str, str] | None = None) -> Decoder:
        """A new decoder.

        Parameters
        ----------
        options : mapping of str to str
            Its arguments, as a capture's head holds them.

        Raises
        ------
        ValueError
            An option that this kind does not have, or a value it cannot take.
        """
        given = dict(options or {})
        for name in given:
            if name not in self.options:
                known = ", ".join(self.options) or "none"
                raise ValueError(f"{self.key} has no option {name!r}; expected {known}")
        made = cast(Callable[..., Decoder], _loaded(self.decoder))
        return made(**given, **dict(self.fixed))


def _loaded(where: str) -> object:
    module, _, name = where.partition(":")
    found: object = getattr(import_module(f"crampdetect.devices.{module}"), name)
    return found
