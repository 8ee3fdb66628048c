"""Many nights, on all processors; the result does not depend on how many there are."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from crampdetect.detection.profiles import Profile
from crampdetect.learning.harvest import Harvest, harvest
from crampdetect.learning.night_plans import NightPlan, make_night

__all__ = ["each", "harvest_of"]

Job = TypeVar("Job")
Result = TypeVar("Result")


def harvest_of(job: tuple[NightPlan, Profile]) -> Harvest:
    """The labelled events of one planned night."""
    plan, profile = job
    night = make_night(plan)
    return harvest(night.signals, night.read(), night.truth.events, profile, plan.person)


def each(
    work: Callable[[Job], Result],
    jobs: Sequence[Job],
    workers: int,
    done: Callable[[int], None] | None = None,
) -> Iterator[Result]:
    """The results of `work` in the order of `jobs`.

    Parameters
    ----------
    work : callable
        A function of a module.
    jobs : sequence
    workers : int
        Processes; 1: in this one.
    done : callable, optional
        Told how many jobs are done.
    """
    if workers <= 1:
        for number, job in enumerate(jobs):
            yield work(job)
            if done is not None:
                done(number + 1)
        return
    # Fresh processes: forking one that has started threads may deadlock.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for number, result in enumerate(pool.map(work, jobs)):
            yield result
            if done is not None:
                done(number + 1)
