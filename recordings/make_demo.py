"""Make the demo night: half an hour of simulated calf EMG and motion, from a script and a seed.

Run as ``python recordings/make_demo.py [FOLDER]``; writes ``demo-night.edf`` and
``demo-night.truth.json`` into FOLDER (default: beside this file).
"""

import sys
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from crampdetect.records import Annotation
from crampdetect.simulation import NightParameters, SimulatedNight, scripted_night
from crampdetect.simulation.contact import Dropout, LeadOff, Pop
from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.events import Event
from crampdetect.simulation.movements import BodyMovement, LimbMovement
from crampdetect.simulation.upright import Upright
from crampdetect.storage.edf_writer import write_edf

__all__ = ["demo_night", "main", "write_demo"]

SEED = 20260314
#: Invented; wall-clock time of a place that is not named.
START_LOCAL = datetime(2026, 3, 14, 2, 10)
#: Drawn once (version 4); the demo keeps its identity however often it is made again.
RECORDING_ID = "3f0b4e0c-8a51-4c0e-9d2b-6c1f5d7a2e94"
#: One person for the demo: a quiet leg, moderate hum, no rare condition of skin or heart.
PARAMETERS = NightParameters(
    duration_s=1800.0,
    emg_rate=Fraction(500),
    acc_rate=Fraction(50),
    resting_uv=(2.5, 2.5),
    mains_uv=(2.0, 2.0),
    fasciculations_per_min=(3.0, 3.0),
    sweat_share=0.0,
    hf_loss_share=0.0,
    ageing_share=0.0,
    heartbeat_share=0.0,
)


def cramps() -> list[Event]:
    """Three cramps, each with what the sleeper does about it."""
    return [
        Cramp(onset_s=430, duration_s=55, level=9, surge=1.8, surge_s=1.5, fall_s=0.6,
              prodrome_s=8, detail="ended by stretch"),
        BodyMovement(onset_s=466, duration_s=6, level=2, motion_g=0.25,
                     detail="grabs the cramping calf"),
        BodyMovement(onset_s=482, duration_s=5, level=2, motion_g=0.5,
                     detail="stretches the cramp away"),
        Cramp(onset_s=790, duration_s=28, level=4.5, ramp_s=2, fall_s=4,
              detail="ends by itself, the sleeper does not stir"),
        Cramp(onset_s=1230, duration_s=150, level=14, ramp_s=5, fall_s=1.0, tremor_g=0.009,
              raised_s=240, raised_by=1.4, detail="ended by standing up"),
        BodyMovement(onset_s=1276, duration_s=8, level=2, motion_g=0.3,
                     detail="rubs the cramping calf"),
        Upright(onset_s=1377, duration_s=70, level=6, walking_level=16, walks_s=15,
                active_share=0.9, turn_deg=65, pitch_deg=-4,
                detail="gets up because of a cramp"),
    ]  # fmt: skip


def look_alikes() -> list[Event]:
    """Movements as in any night: turns, a stir, single and periodic limb movements."""
    series: list[Event] = [
        LimbMovement(onset_s=onset, duration_s=1.8, level=level, motion_g=0.12,
                     detail="periodic series 1")
        for onset, level in ((236, 8), (259, 12), (283, 7), (304, 10), (331, 9), (352, 6))
    ]  # fmt: skip
    return [
        BodyMovement(onset_s=104, duration_s=11, level=25, motion_g=0.8, turn_deg=75, pitch_deg=6,
                     detail="posture shift"),
        *series,
        BodyMovement(onset_s=575, duration_s=8, level=18, motion_g=0.5),
        LimbMovement(onset_s=874, duration_s=2.5, level=20, motion_g=0.2),
        BodyMovement(onset_s=935, duration_s=14, level=30, motion_g=1.0, turn_deg=-100,
                     pitch_deg=-8, detail="posture shift"),
        BodyMovement(onset_s=1150, duration_s=9, level=12, motion_g=0.4),
        BodyMovement(onset_s=1560, duration_s=12, level=22, motion_g=0.7, turn_deg=40,
                     pitch_deg=3, detail="posture shift"),
        LimbMovement(onset_s=1712, duration_s=1.2, level=14, motion_g=0.15),
    ]  # fmt: skip


def disturbances() -> list[Event]:
    """What goes wrong with contact and link."""
    return [
        Dropout(onset_s=650, duration_s=20, detail="link lost"),
        LeadOff(onset_s=1020, duration_s=60, detail="electrode off"),
        Pop(onset_s=1640, duration_s=2, height_uv=1500, detail="electrode pop"),
    ]


def demo_night() -> SimulatedNight:
    """The demo night, not yet written."""
    return scripted_night([*cramps(), *look_alikes(), *disturbances()], PARAMETERS, SEED)


def write_demo(folder: Path) -> tuple[Path, Path]:
    """Write the recording and its truth into `folder`; return both paths."""
    night = demo_night()
    recording = write_edf(
        folder / "demo-night.edf",
        night.signals,
        night.read,
        lengths=night.lengths,
        start_local=START_LOCAL,
        annotations=[Annotation(0.0, 0.0, "Simulated recording, no person")],
        recording_id=RECORDING_ID,
    )
    # a night written for a person is private to them; this one is for everybody
    recording.chmod(0o644)
    truth = folder / "demo-night.truth.json"
    truth.write_bytes(night.truth.to_json().encode("utf-8"))
    return recording, truth


def main() -> None:
    """Write the demo and say where."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    for path in write_demo(folder):
        print(f"{path} ({path.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
