"""What the card says in words: nothing here is a figure of a run."""

__all__ = ["CLAIM", "LIMITS", "NEVER_TRIED", "PURPOSE", "VERDICT"]

CLAIM = (
    "**Claim level: phase 0, simulation.** It was tried on nights made by numbers only. The "
    "simulator and the choice of features rest on the same literature, so the figures below say "
    "how well the program finds what the simulator calls a cramp. They say nothing of "
    "patients."
)
PURPOSE = (
    "**What it is for.** Counting and timing probable cramps under one electrode, for a person to "
    "review. Not a diagnosis, not an alarm to rely on, not for choosing a treatment. A cramp is "
    "focal: one beside the electrode is not seen."
)
VERDICT = (
    "A stretch of calf EMG above the resting level is an event. Its features go to boosted trees "
    "that give the probability *p* of a cramp; one more tree, small enough to be read, names what "
    "is none. No feature is an absolute amplitude, so the gain of the electrode changes nothing. "
    "`cramp` and `unsure` are said from these lines on, below both the most probable other kind. "
    "An event of 20 min is closed as `tonic` whatever the model says."
)
LIMITS = (
    "A cramp that begins while the leg moves, or that the sleeper meets by moving at once, looks "
    "like a movement. A muscle held from rest in a still leg looks like a cramp. Both are in the "
    "nights below; how often they are in real ones is not known."
)
NEVER_TRIED = """\
- No real cramp: no public recording of calf EMG with a cramp was found.
- No person with a movement disorder, spasticity, neuropathy, myokymia or ALS; no child, no
  pregnancy, nobody on dialysis.
- No foot or thigh muscle. Laboratory cramps, where most numbers of the simulator come from, are
  mostly of a small foot muscle in young healthy people.
- No hardware: sensors are simulated from their data sheets.
- No whole real night, and no night in which a person marked cramps."""
