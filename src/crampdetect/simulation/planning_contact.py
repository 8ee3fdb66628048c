"""Contact and link of one night: pops, lead-off, mains steps, missing samples."""

import numpy as np

from crampdetect.simulation.contact import Dropout, LeadOff, MainsRise, Pop
from crampdetect.simulation.draws import log_uniform, lognormal, sign
from crampdetect.simulation.events import Event
from crampdetect.simulation.prospect import Prospect
from crampdetect.simulation.seeds import Origin

__all__ = ["plan_contact", "plan_removal"]

#: Ways in which an electrode can be off, and how often in four [A].
LEAD_OFF_MODES = ("rail", "flat", "mains", "noise")


def plan_contact(prospect: Prospect) -> list[Event]:
    """Draw everything that spoils the signal; it asks nobody whether the moment suits."""
    return [*_pops(prospect), *_lead_off(prospect), *_mains(prospect), *_dropouts(prospect)]


def _channel(prospect: Prospect, rng: np.random.Generator) -> int | None:
    """Draw which pair fails; None is the reference, and with it all of them [A]."""
    if prospect.parameters.emg_channels == 1:
        return 0
    drawn = int(rng.integers(prospect.parameters.emg_channels + 1))
    return drawn if drawn < prospect.parameters.emg_channels else None


def _pops(prospect: Prospect) -> list[Event]:
    given, counting = prospect.parameters, prospect.rng(Origin.POP)
    events: list[Event] = []
    for number in range(counting.poisson(given.pops * prospect.scale)):
        rng = prospect.rng(Origin.POP, number)
        length = 4 * log_uniform(rng, (0.1, 5.0))  # time constant 0.1-5 s [R-h]
        events.append(
            Pop(
                onset_s=float(rng.random()) * max(0.0, given.duration_s - length),
                duration_s=min(length, given.duration_s),
                height_uv=sign(rng) * log_uniform(rng, given.pop_uv),
                channel=_channel(prospect, rng),
                detail="electrode pop",
                key=(int(Origin.POP), number),
            )
        )
    return events


def _lead_off(prospect: Prospect) -> list[Event]:
    """Draw at most one short and one long loss of contact."""
    given = prospect.parameters
    events: list[Event] = []
    for number, share in enumerate((given.short_lead_off_share, given.long_lead_off_share)):
        rng = prospect.rng(Origin.LEAD_OFF, number)
        happens = rng.random() < share
        short_s, long_s = lognormal(rng, (30.0, 0.7), (5.0, 300.0)), log_uniform(rng, (300, 7200))
        length = min(long_s if number else short_s, given.duration_s)
        onset = float(rng.random()) * (given.duration_s - length)
        if happens:
            events.append(
                LeadOff(
                    onset_s=onset,
                    duration_s=length,
                    mode=str(rng.choice(LEAD_OFF_MODES)),
                    hum_uv=log_uniform(rng, (200.0, 6000.0)),  # 200 uV to the rail [R-m]
                    channel=_channel(prospect, rng),
                    detail="electrode off",
                    key=(int(Origin.LEAD_OFF), number),
                )
            )
    return events


def plan_removal(prospect: Prospect, events: list[Event]) -> list[Event]:
    """Draw whether the sensor is torn off within minutes of a cramp, for the rest of the night."""
    given = prospect.parameters
    for number, cramp in enumerate(event for event in events if event.kind == "cramp"):
        rng = prospect.rng(Origin.REMOVAL, number)
        happens = rng.random() < given.cramp_removal_share
        onset = cramp.offset_s + float(rng.uniform(20.0, 240.0))  # [A]
        if happens and onset + 1.0 < given.duration_s:
            return [
                LeadOff(
                    onset_s=onset,
                    duration_s=given.duration_s - onset,
                    mode=str(rng.choice(LEAD_OFF_MODES)),
                    hum_uv=log_uniform(rng, (200.0, 6000.0)),
                    channel=None,
                    detail="sensor removed after a cramp",
                    key=(int(Origin.REMOVAL), number),
                )
            ]
    return []


def _mains(prospect: Prospect) -> list[Event]:
    """Draw the hour-long step of some nights of persons who warm their beds."""
    given, rng = prospect.parameters, prospect.rng(Origin.MAINS_RISE)
    # the table's share of nights falls on those persons who warm their beds
    often = given.mains_rise_share / max(given.mains_rise_persons, 1e-9)
    happens = prospect.person.habits.warms_bed and rng.random() < often
    onset = float(rng.random()) * 0.7 * given.duration_s
    length = min(float(rng.uniform(3600.0, 10800.0)), given.duration_s - onset)
    hum_uv = float(rng.uniform(*given.mains_rise_uv))
    if not happens:
        return []
    return [
        MainsRise(
            onset_s=onset,
            duration_s=length,
            hum_uv=hum_uv,
            detail=f"mains hum of {hum_uv:.0f} uV",
            key=(int(Origin.MAINS_RISE), 0),
        )
    ]


def _dropouts(prospect: Prospect) -> list[Event]:
    """Draw short losses of the link, and in few nights a long one."""
    given, counting = prospect.parameters, prospect.rng(Origin.DROPOUT)
    count = int(counting.poisson(given.dropouts * prospect.scale))
    long = int(counting.random() < given.long_dropout_share)
    events: list[Event] = []
    for number in range(count + long):
        rng = prospect.rng(Origin.DROPOUT, number)
        short_s, long_s = lognormal(rng, given.dropout_s, (0.1, 30.0)), log_uniform(rng, (60, 1200))
        length = min(short_s if number < count else long_s, given.duration_s)
        onset = float(rng.random()) * (given.duration_s - length)
        events.append(
            Dropout(
                onset_s=onset,
                duration_s=length,
                detail="link lost",
                key=(int(Origin.DROPOUT), number),
            )
        )
    return events
