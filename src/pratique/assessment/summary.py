"""Findings and selections as lines for people."""

from collections.abc import Sequence

from rich.cells import cell_len

from pratique.assessment.comparing import Comparison
from pratique.assessment.findings import Finding
from pratique.assessment.judging import Judging
from pratique.assessment.selection import Selection

WORDS = {"meets": "✓ meets", "falls_short": "✗ falls short", "undecided": "? undecided"}
"""A finding in a shape and a word."""


def findings_table(findings: Sequence[Finding]) -> list[str]:
    """Return the findings as an aligned table: estimate, interval, samples, calls, finding."""
    columns = [
        "feature",
        "locale",
        "candidate",
        "estimate",
        "interval",
        "bar",
        "samples",
        "calls",
        "finding",
    ]
    rows = [
        [
            one.subject,
            one.locale,
            one.candidate,
            f"{one.estimate:.0%}",
            f"{one.low:.1%} – {one.high:.1%}",
            f"{one.bar:.0%}",
            one.counted,
            str(one.calls),
            WORDS[one.finding],
        ]
        for one in findings
    ]
    widths = [max(cell_len(row[n]) for row in [columns, *rows]) for n in range(len(columns))]
    lines = [
        [cell + " " * (w - cell_len(cell)) for cell, w in zip(row, widths, strict=True)]
        for row in [columns, *rows]
    ]
    head, *body = ["  ".join(line).rstrip() for line in lines]
    return [head, "─" * sum(widths, 2 * len(widths) - 2), *body]


def history_lines(findings: Sequence[Finding]) -> list[str]:
    """Return which findings earlier runs have helped."""
    return [
        f"{one.subject} {one.locale} {one.candidate}: helped by {len(one.history)} earlier runs"
        f" ({sum(each.outcomes for each in one.history)} outcomes)"
        for one in findings
        if one.history
    ]


def judging_lines(findings: Sequence[Finding]) -> list[str]:
    """Return what judges and people did for each finding that has judges."""
    return [
        f"{one.subject} {one.locale} {one.candidate}: {judging_words(one)}"
        for one in findings
        if isinstance(one.judging, Judging)
    ]


def judging_words(finding: Finding) -> str:
    """Return what judges and people did for *finding*; empty where checks alone decide."""
    said = finding.judging
    if not isinstance(said, Judging):
        return ""
    work = ", ".join(f"{one.tier} {one.settled}" for one in said.tiers if one.looked)
    failed = sum(one.failed for one in said.tiers)
    if not work:
        return "no answer was there to judge"
    words = [f"settled by {work} with {said.calls} calls of judges"]
    if failed:
        words.append(f"{failed} judgements failed")
    if said.waiting:
        words.append(
            f"{len(said.waiting)} wait: `pratique rate out --run {finding.run_id} --waiting`"
        )
    if said.agreement is not None:
        found = said.agreement
        alpha = "none" if found.alpha is None else f"{found.alpha:.2f}"
        interval = (
            ""
            if found.low is None or found.high is None
            else f" ({found.low:.2f} – {found.high:.2f})"
        )
        words.append(f"agreement with people on {said.rated}: alpha {alpha}{interval}")
    if said.people is not None:
        people = said.people
        words.append(
            f"people pass {people.low:.1%} – {people.high:.1%} by {people.labels} labels,"
            f" judges relied upon {people.relied:.2f}"
        )
    elif said.by_people:
        words.append(f"people decide nothing yet: {said.why}")
    return "; ".join(words)


def comparison_lines(comparisons: Sequence[Comparison]) -> list[str]:
    """Return who is the best of those that meet every bar, and what that rests on."""
    lines = []
    for one in comparisons:
        who = f"`{one.best}` is the best" if one.best else "the best is still open"
        counts = ", ".join(
            f"{name} {count}" for name, count in zip(one.candidates, one.samples, strict=True)
        )
        lines.append(
            f"{one.feature} {one.locale}: {who} within {one.margin:.0%}, by samples: {counts}"
        )
    return lines


def selection_lines(selection: Selection) -> list[str]:
    """Return who serves what, who was passed over and why, and what would change it."""
    lines = []
    for choice in selection.choices:
        verb = "serves" if choice.role == "serve" else "extends, with consent"
        who = f"{choice.serves} {verb}" if choice.serves else f"held back: {choice.held_back}"
        fallbacks = f"; fallback: {', '.join(choice.fallbacks)}" if choice.fallbacks else ""
        lines.append(f"{choice.feature} {choice.locale}: {who}{fallbacks}")
        lines += [f"    {one.candidate}: {one.reason}" for one in choice.passed_over]
        lines += [f"    would change it: {one.text}" for one in choice.switches]
    if selection.safeguards:
        lines.append(f"safeguards: {', '.join(selection.safeguards)} (named, not measured here)")
    return lines
