"""Medians of every contender as lines of text, with ratios to ``crampdetect replay``."""

from collections.abc import Sequence
from dataclasses import dataclass

from contenders import Contender, events
from measuring import Usage, medians

__all__ = ["Row", "aims_lines", "table_lines"]

#: What issue 2 asks of a night of 8 h on 2 cores: CPU seconds beyond imports and in all, MB.
AIM_HOURS, AIM_BEYOND_S, AIM_CPU_S, AIM_PEAK_MB = 8.0, 3.0, 4.5, 200.0

HEAD = (
    "contender",
    "hours",
    "CPU s",
    "(range)",
    "imports",
    "beyond",
    "per h",
    "ratio",
    "wall s",
    "peak MB",
    "ratio",
    "events",
)


@dataclass(frozen=True)
class Row:
    """The runs of one contender, and the runs that only import what it imports."""

    contender: Contender
    runs: Sequence[Usage]
    imports: Sequence[Usage]

    @property
    def usage(self) -> Usage:
        """Medians of the runs."""
        return medians(self.runs)

    @property
    def imports_s(self) -> float:
        """CPU seconds of starting the interpreter and importing."""
        return medians(self.imports).cpu_s

    @property
    def beyond_s(self) -> float:
        """CPU seconds beyond imports."""
        # On nights of minutes the difference of two noisy medians can fall below nothing.
        return max(self.usage.cpu_s - self.imports_s, 0.001)

    @property
    def beyond_per_hour_s(self) -> float:
        """The same for one hour of the night."""
        return self.beyond_s / self.contender.hours


def table_lines(rows: Sequence[Row]) -> list[str]:
    """A head and one line a row; the first row is what the others are compared with."""
    cells = [HEAD, *(_cells(row, rows[0]) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    return [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    ]


def aims_lines(replay: Row) -> list[str]:
    """How replay stands to its aims; they are set for 8 h, so nothing at other lengths."""
    if abs(replay.contender.hours - AIM_HOURS) > 0.01:
        return []
    return [
        f"aim: beyond imports <= {AIM_BEYOND_S:g} s CPU, measured {replay.beyond_s:.2f}",
        f"aim: in all <= {AIM_CPU_S:g} s CPU, measured {replay.usage.cpu_s:.2f}",
        f"aim: peak <= {AIM_PEAK_MB:g} MB, measured {replay.usage.peak_mb:.0f}",
    ]


def _cells(row: Row, reference: Row) -> tuple[str, ...]:
    usage = row.usage
    spread = [run.cpu_s for run in row.runs]
    return (
        row.contender.name,
        f"{row.contender.hours:g}",
        f"{usage.cpu_s:.2f}",
        f"({min(spread):.2f}-{max(spread):.2f})",
        f"{row.imports_s:.2f}",
        f"{row.beyond_s:.2f}",
        f"{row.beyond_per_hour_s:.3f}",
        f"x{row.beyond_per_hour_s / reference.beyond_per_hour_s:.2f}",
        f"{usage.wall_s:.2f}",
        f"{usage.peak_mb:.0f}",
        f"x{usage.peak_mb / reference.usage.peak_mb:.2f}",
        f"{events(usage)}",
    )
