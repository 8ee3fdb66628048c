"""The table, fourth part: contact, link and accelerometer."""

from dataclasses import dataclass

from crampdetect.simulation.parameters_rest import LogNormal, Range

__all__ = ["ContactParameters"]


@dataclass(frozen=True, kw_only=True)
class ContactParameters:
    """What goes wrong; see `crampdetect.simulation.parameters` for how to read a line."""

    # --- contact and link
    pops: float = 2.0  # electrode steps with recovery 0.1-5 s [A]
    pop_uv: Range = (30.0, 8000.0)  # log-uniform, small ones too [A]
    short_lead_off_share: float = 0.15  # nights with one of LN(30 s, 0.7) [A]
    long_lead_off_share: float = 0.05  # nights with one of 5-120 min [V Beniczky 4.9 % -> A]
    dropouts: float = 5.0  # a night [A]
    dropout_s: LogNormal = (0.4, 1.2)  # [A]
    long_dropout_share: float = 0.03  # nights with 1-20 min [A]
    acc_noise_g: Range = (0.002, 0.004)  # RMS per axis; datasheet class of wearables [A]
