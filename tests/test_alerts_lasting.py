"""A lasting cramp is told once, however often and by however many channels it is looked at."""

from dataclasses import replace
from fractions import Fraction

import pytest

from crampdetect.alerting.lasting import LastingCramp
from crampdetect.detection.detector import Detector
from crampdetect.detection.flow import Aligned
from crampdetect.detection.profiles import profile
from crampdetect.detection.types import Episode, Kind, Provisional
from crampdetect.session_settings import load_model
from crampdetect.simulation import NightParameters
from crampdetect.simulation.cramps import Cramp
from crampdetect.simulation.events import Event
from crampdetect.simulation.holds import VoluntaryHold
from crampdetect.simulation.scripted import quiet, scripted_night

RATE = Fraction(1000)


def look(at_s: float, onset_s: float, kind: Kind = "cramp", channel: str = "a") -> Provisional:
    """As the detector says it when the last window ended at `at_s`."""
    return Provisional(round((at_s - 1.0) * 2) + 1, round(onset_s * 20), kind, 0.9, channel)


def verdict(onset_s: float, offset_s: float, kind: Kind = "cramp") -> Episode:
    return Episode(round(onset_s * 1000), round(offset_s * 1000), kind, 0.9, ())


def told(*looks: Provisional) -> list[bool]:
    lasting = LastingCramp()
    return [lasting.look(one) for one in looks]


def test_looks_at_one_event_are_one_cramp_also_where_the_onset_moves() -> None:
    looks = [look(at, 100.0 - at / 1000, channel="ab"[at % 2]) for at in range(108, 400, 30)]
    assert told(*looks) == [True] + [False] * 9


def test_a_look_that_says_something_else_is_not_told_and_ends_nothing() -> None:
    kinds: list[Kind] = ["unsure", "limb_movement", "cramp", "voluntary_hold", "cramp"]
    looks = [look(108.0 + 2 * k, 100.0, kind) for k, kind in enumerate(kinds)]
    assert told(*looks) == [False, False, True, False, False]


def test_another_cramp_is_another() -> None:
    # Up to 30 s between looks and 30 s between the pieces of one cramp.
    assert told(look(108, 100), look(176, 168)) == [True, False]
    assert told(look(108, 100), look(177, 168.05)) == [True, True]


@pytest.mark.parametrize(
    ("episode", "outcome"),
    [
        (verdict(100, 150), "over"),
        (verdict(100, 150, "unsure"), "over"),
        (verdict(100, 150, "voluntary_hold"), "withdrawn"),
        # The final extent differs a little from what was seen.
        (verdict(99.4, 106.5), "over"),
        (verdict(101.3, 150, "tonic"), "withdrawn"),
        # An event before it, whose verdict came late.
        (verdict(80, 100.5, "limb_movement"), None),
        (verdict(20, 60), None),
        # Verdicts come in order: it has none.
        (verdict(120, 150, "limb_movement"), "withdrawn"),
    ],
)
def test_what_a_verdict_says_of_it(episode: Episode, outcome: str | None) -> None:
    lasting = LastingCramp()
    assert lasting.verdict(episode, RATE) is None
    assert lasting.look(look(108, 100))
    assert lasting.verdict(episode, RATE) == outcome
    assert lasting.lasts == (outcome is None)
    assert lasting.verdict(verdict(100, 150), RATE) == (None if outcome else "over")


def test_an_event_that_was_cut_is_followed_to_its_last_piece() -> None:
    lasting = LastingCramp()
    assert lasting.look(look(108, 100))
    assert not lasting.look(look(160, 141))
    assert lasting.verdict(verdict(100, 140, "upright"), RATE) is None
    assert lasting.verdict(verdict(141, 190), RATE) == "over"


def test_what_nothing_is_heard_of_is_withdrawn_after_a_while() -> None:
    lasting = LastingCramp()
    assert lasting.passed(10_000) is None
    assert lasting.look(look(108, 100))
    # The last look reached 108 s; 150 s later nothing can be owed any more.
    assert [lasting.passed(window) for window in (216, 516)] == [None, None]
    assert lasting.passed(517) == "withdrawn"
    assert lasting.passed(518) is None
    # Looks of any kind keep it.
    assert lasting.look(look(1108, 1100))
    for at in range(1110, 2300, 30):
        assert not lasting.look(look(at, 1100, "tonic"))
        assert lasting.passed(at * 2) is None


def heard(events: list[Event], channels: int, name: str) -> list[tuple[str, float]]:
    """What a person is told of a night, with the time in seconds that the detector had reached."""
    parameters = replace(quiet(NightParameters(duration_s=1500.0)), emg_channels=channels)
    night = scripted_night(events, parameters, seed=5)
    model, _ = load_model(None)
    detector = Detector(night.signals, model, profile(name))
    lasting, out, reached = LastingCramp(), [], 0.0
    alerted = 0
    outputs = [one for item in night.read() for one in detector.push(item)] + detector.flush()
    for one in outputs:
        if isinstance(one, Aligned):
            reached = (one.first + one.count + 1) / 2
            outcome = lasting.passed(one.first + one.count)
            assert outcome is None, "the detector owes a verdict on every event that it shows"
        elif isinstance(one, Provisional):
            if lasting.look(one):
                out.append(("cramp", (one.window + 1) / 2))
        elif isinstance(one, Episode):
            alerted += one.alerted
            said = lasting.verdict(one, detector.rate)
            out += [(said, reached)] if said is not None else []
    assert not lasting.lasts
    assert [what for what, _ in out].count("over") == alerted
    return out


@pytest.mark.parametrize("channels", [1, 2])
def test_the_real_detector_tells_each_cramp_once(channels: int) -> None:
    events: list[Event] = [
        Cramp(onset_s=700, duration_s=180, level=12),
        # 15 s later a second piece of the same cramp, by the rule of 30 s.
        Cramp(onset_s=895, duration_s=30, level=12),
        VoluntaryHold(onset_s=1050, duration_s=20, level=10),
        Cramp(onset_s=1200, duration_s=40, level=12),
    ]
    out = [one for one in heard(events, channels, "standard") if 690 < one[1] < 1450]
    cramps = [at for what, at in out if what == "cramp"]
    real = [at for at in cramps if not 1050 <= at <= 1070]
    assert len(real) == 2
    assert 708 <= real[0] <= 715
    assert 1208 <= real[1] <= 1215
    # Nothing is told twice, and each is followed by what became of it.
    assert [what for what, _ in out][::2] == ["cramp"] * len(cramps)
    assert {what for what, _ in out[1::2]} <= {"over", "withdrawn"}
