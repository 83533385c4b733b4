"""The section of a report about a partner's support, as Markdown or HTML, with the load steps drawn."""

from collections.abc import Sequence
from html import escape

from pratique.assessment.support.capacity import Capacity, Evidence
from pratique.assessment.support.items import Item
from pratique.assessment.support.ladder import StepFigures
from pratique.assessment.support.objectives import State, Support
from pratique.assessment.support.probes import Probe, load_figures

WORDS: dict[State, str] = {"met": "✓ met", "missed": "✗ missed", "unknown": "? unknown"}
"""A state in a shape and a word."""

_COLOURS: dict[State, str] = {"met": "#1b7f3b", "missed": "#b3261e", "unknown": "#6b7280"}


def markdown(capacity: Capacity) -> str:
    """Return the section as Markdown."""
    rows = [
        f"| {_cell(one.about)}{_whose(one)} | {WORDS[one.state]} | {_cell(one.measured) or '–'}"
        f" | {_cell(one.declared) or '–'} | {one.count} | {one.when[:10] or '–'}"
        f" | {_cell(one.source) or '–'} |"
        for one in capacity.items
    ]
    return "\n".join(
        [
            f"## Support of {capacity.subject}{' (simulated)' if capacity.simulated else ''}",
            "",
            f"**{capacity.verdict}**, computed {capacity.at[:19]}Z.",
            "",
            *(f"- {_cell(reason)}" for reason in capacity.reasons),
            "",
            "| item | state | measured | declared | count | when | source |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def html(capacity: Capacity, pictures: Sequence[tuple[str, str]]) -> str:
    """Return the section as HTML; *pictures* are SVG, each with the model that it is about."""
    reasons = "".join(f"<li>{escape(one)}</li>" for one in capacity.reasons)
    rows = "".join(
        f'<tr class="{one.state}"><td>{escape(one.about)}{escape(_whose(one))}</td>'
        f"<td>{WORDS[one.state]}</td><td>{escape(one.measured) or '–'}</td>"
        f"<td>{escape(one.declared) or '–'}</td><td>{one.count}</td>"
        f"<td>{one.when[:10] or '–'}</td><td>{escape(one.source) or '–'}</td></tr>"
        for one in capacity.items
    )
    drawn = "".join(
        f"<figure>{picture}<figcaption>Load steps of {escape(model)}</figcaption></figure>"
        for model, picture in pictures
    )
    marked = " (simulated)" if capacity.simulated else ""
    return (
        f'<section class="support"><h2>Support of {escape(capacity.subject)}{marked}</h2>'
        f"<p><strong>{capacity.verdict}</strong>, computed {capacity.at[:19]}Z.</p>"
        f"<ul>{reasons}</ul>{drawn}"
        "<table><thead><tr><th>item</th><th>state</th><th>measured</th><th>declared</th>"
        f"<th>count</th><th>when</th><th>source</th></tr></thead><tbody>{rows}</tbody></table>"
        "</section>"
    )


def pictures(evidence: Evidence, support: Support, subject: str) -> list[tuple[str, str]]:
    """Return the load steps of each model of *subject* that was probed, drawn."""
    return [
        (name, steps_picture(load_figures(kept.read(Probe), support).steps, support))
        for name, kept in evidence.probes.items()
        if subject in (name, evidence.partner.id)
    ]


def steps_picture(steps: Sequence[StepFigures], support: Support) -> str:
    """Return each step as the interval of the share that kept each objective, with its bar.

    Shares run from 0 to 1 upwards, steps from left to right. 120 pixels a step, 190 high.
    """
    width = 60 + 120 * max(len(steps), 1)
    grid = "".join(
        f'<line x1="45" x2="{width - 10}" y1="{_y(share):.0f}" y2="{_y(share):.0f}" stroke="#d1d5db"/>'
        f'<text x="40" y="{_y(share) + 4:.0f}" text-anchor="end">{share:.0%}</text>'
        for share in (0.0, 0.5, 1.0)
    )
    columns = "".join(_column(60 + 120 * number, step) for number, step in enumerate(steps))
    said = ", ".join(f"{step.rate:g} requests/s {step.state}" for step in steps) or "no step"
    return (
        f'<svg viewBox="0 0 {width} 190" width="{width}" height="190" role="img" font-size="11"'
        f' font-family="sans-serif" aria-label="load steps: {said}; needed'
        f' {support.load.sustained_rate:g} requests/s">{grid}{columns}</svg>'
    )


def _column(left: int, step: StepFigures) -> str:
    drawn = []
    for number, one in enumerate(step.objectives):
        x, share = left + 12 + 24 * number, one.kept / one.of if one.of else 0.0
        name = one.objective.replace("_", " ")
        drawn.append(
            f'<g stroke="{_COLOURS[one.state]}"><title>{name}: {one.kept} of {one.of}, {one.state}'
            f'</title><line x1="{x}" x2="{x}" y1="{_y(one.low):.1f}" y2="{_y(one.high):.1f}"'
            f' stroke-width="5" opacity="0.4"/><circle cx="{x}" cy="{_y(share):.1f}" r="3"/>'
            f'<line x1="{x - 8}" x2="{x + 8}" y1="{_y(one.bar):.1f}" y2="{_y(one.bar):.1f}"'
            f' stroke="#111827"/></g>'
        )
    words = f"{step.rate:g}/s {WORDS[step.state]}"
    return (
        "".join(drawn) + f'<text x="{left + 48}" y="162" text-anchor="middle">{words}</text>'
        f'<text x="{left + 48}" y="177" text-anchor="middle">{step.requests} requests</text>'
    )


def _y(share: float) -> float:
    return 10 + 130 * (1 - share)


def _whose(one: Item) -> str:
    return f", {one.model}" if one.model else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
