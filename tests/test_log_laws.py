"""Whatever is added in whatever order: nothing counts twice, and one run is current."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from crampdetect.detection.types import KINDS
from crampdetect.storage.log import open_log
from tests.test_log_examples import example_replay

#: (recording, configuration, again, kinds of its episodes)
ADDITIONS = st.lists(
    st.tuples(
        st.sampled_from("AB"),
        st.sampled_from("xy"),
        st.booleans(),
        st.lists(st.sampled_from(KINDS), max_size=4).map(tuple),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(ADDITIONS)
def test_counts_add_up_and_one_run_is_current(
    additions: list[tuple[str, str, bool, tuple[str, ...]]],
) -> None:
    known: set[tuple[str, str]] = set()
    runs: Counter[str] = Counter()
    current: dict[str, tuple[str, tuple[str, ...]]] = {}
    everything = 0
    with open_log("sqlite://") as log:
        for recording, config, again, kinds in additions:
            added = log.add(
                example_replay(recording, config=config, kinds=kinds, hours=0.1), again=again
            )
            assert added.is_new == (again or (recording, config) not in known)
            assert added.replaced_current == (added.is_new and recording in current)
            if added.is_new:
                known.add((recording, config))
                runs[recording] += 1
                current[recording] = (config, kinds)
                everything += len(kinds)

        assert Counter(row.recording_id for row in log.runs()) == runs
        assert len(log.episodes(current_only=False)) == everything
        nights = {row.recording.id: row for row in log.nights()}
        assert nights.keys() == current.keys()
        assert sum(row.is_current for row in log.runs()) == len(current)
        for recording, (config, kinds) in current.items():
            night = nights[recording]
            assert night.run.run.config_hash == config
            assert (night.cramps, night.unsure) == (kinds.count("cramp"), kinds.count("unsure"))
            found = [row for row in log.episodes() if row.recording.id == recording]
            assert Counter(row.episode.kind for row in found) == Counter(kinds)


@settings(max_examples=15, deadline=None)
@given(st.permutations([("A", "x"), ("A", "y"), ("B", "x"), ("B", "x"), ("A", "x"), ("C", "y")]))
def test_the_order_of_adding_changes_no_episode(order: list[tuple[str, str]]) -> None:
    with open_log("sqlite://") as log:
        for recording, config in order:
            log.add(example_replay(recording, config=config, hours=0.1))
        ids = sorted(row.episode.id for row in log.episodes(current_only=False))
    assert ids == sorted(
        f"{recording}-{config}-{index}" for recording, config in set(order) for index in range(3)
    )
