"""Medians with their intervals, and the table that they stand in."""

import dataclasses
import math
import statistics


def interval(values):
    """The 95 % interval of the median, by order statistics; of fewer than six values all there is.

    With n values the ranks k and n + 1 - k enclose the median with the probability that of n coins
    at least k and at most n - k show heads, whatever the distribution.
    """
    ordered = sorted(values)
    count = len(ordered)
    outside, rank = 0.0, 0
    while rank < count // 2:
        outside += 2 * math.comb(count, rank) / 2**count
        if outside > 0.05:
            break
        rank += 1
    return ordered[max(rank - 1, 0)], ordered[count - max(rank, 1)]


def text(values, digits=2):
    """Median (low–high)."""
    low, high = interval(values)
    return (
        f"{statistics.median(values):.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"
    )


def table(head, rows):
    """A Markdown table; the first column is words, the others figures."""
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


@dataclasses.dataclass
class Row:
    """A figure and what it should be."""

    figure: str
    value: str
    target: str
    met: bool | None  # None: there is no target

    def verdict(self):
        return {True: "met", False: "missed", None: ""}[self.met]
