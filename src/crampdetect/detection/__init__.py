"""The pure streaming core: no I/O, clock, thread, logging or randomness."""
