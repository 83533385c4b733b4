"""Pictures of the story as SVG that stands by itself: no style sheet, no script, no font of ours."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from pratique.rehearsal.story.others import Climbed
from pratique.rehearsal.story.primary import Course
from pratique.rehearsal.story.ramp import Look
from pratique.rehearsal.story.reading import Found
from pratique.rehearsal.story.road import Link
from pratique.rehearsal.story.words import Language, Words

INK, FAINT, GOOD, BAD, UNSURE = "#1f2933", "#9aa5b1", "#2f7d4f", "#b3372f", "#b7791f"
"""Colours that differ in lightness, too."""

_OF = {"meets": GOOD, "met": GOOD, "falls_short": BAD, "missed": BAD}
_WIDTH = 720


def verdicts(found: Sequence[Found], words: Words, language: Language) -> str:
    """Return the interval of each model on each feature and locale, against the bar."""
    names = list(dict.fromkeys(one.candidate for one in found))
    cells = list(dict.fromkeys((one.feature, one.locale) for one in found))
    high, left = 16 + 12 * len(cells), 230
    parts, bar = [], found[0].bar

    def x(share: float) -> float:
        return left + (_WIDTH - left - 20) * share

    bottom = 34 + len(names) * high
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(_line(x(share), 28, x(share), bottom, "#e4e7eb", 1))
        parts.append(_text(x(share), bottom + 16, f"{share:.0%}", "middle", FAINT))
    for row, name in enumerate(names):
        top = 34 + row * high
        parts.append(_text(8, top + high / 2, name))
        for number, (feature, locale) in enumerate(cells):
            one = next(
                f for f in found if (f.candidate, f.feature, f.locale) == (name, feature, locale)
            )
            y, colour = top + 8 + 12 * number, _OF.get(one.finding, UNSURE)
            parts.append(_line(x(one.low), y, x(one.high), y, colour, 4))
            parts.append(f'<circle cx="{x(one.estimate):.1f}" cy="{y}" r="4" fill="{colour}"/>')
    parts.append(_line(x(bar), 24, x(bar), bottom, INK, 2, "5 3"))
    parts.append(_text(x(bar), 18, f"{words.label('bar', language)} {bar:.0%}", "middle"))
    return _svg(bottom + 26, words.pictures["verdicts"][language], parts)


def progress(course: Course, words: Words, language: Language) -> str:
    """Return the releases over time, the forecast for the planned day and the bar."""
    first, last = course.points[0].day.toordinal(), course.date.toordinal()

    def x(day: int) -> float:
        return 60 + (_WIDTH - 150) * (day - first) / (last - first)

    def y(share: float) -> float:
        return 20 + 220 * (1 - (share - 0.5) / 0.5)

    parts = []
    for share in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        parts += [_line(60, y(share), _WIDTH - 20, y(share), "#e4e7eb", 1)]
        parts += [_text(52, y(share) + 4, f"{share:.0%}", "end", FAINT)]
    parts.append(_line(60, y(course.bar), _WIDTH - 20, y(course.bar), INK, 2, "5 3"))
    parts.append(_text(64, y(course.bar) - 6, f"{words.label('bar', language)} {course.bar:.0%}"))
    for before, after in pairwise(course.points):
        ends = x(before.day.toordinal()), y(before.share), x(after.day.toordinal()), y(after.share)
        parts.append(_line(*ends, GOOD, 2))
    for number, one in enumerate(course.points):
        at, below = x(one.day.toordinal()), number % 2 == 0
        parts.append(f'<circle cx="{at:.1f}" cy="{y(one.share):.1f}" r="5" fill="{GOOD}"/>')
        said = f"{one.model.rpartition('-')[2]}: {one.share:.0%}"
        parts.append(_text(at, y(one.share) + (22 if below else -12), said, "middle"))
    for one in (course.points[0], course.points[-1]):
        parts.append(_text(x(one.day.toordinal()), 262, one.day.isoformat(), "middle", FAINT))
    end, (middle, low, high) = course.points[-1], course.planned
    ahead = x(end.day.toordinal()), y(end.share), x(last), y(middle)
    parts.append(_line(*ahead, BAD, 2, "4 4"))
    parts.append(_line(x(last), y(low), x(last), y(high), BAD, 6))
    said = f"{words.label('forecast', language)} {low:.1%} – {high:.1%}"
    parts.append(_text(_WIDTH - 20, y(high) - 10, said, "end", BAD))
    parts.append(_text(x(last), 262, course.date.isoformat(), "middle", FAINT))
    return _svg(276, words.pictures["progress"][language], parts)


def load(climbed: Mapping[str, Sequence[Climbed]], words: Words, language: Language) -> str:
    """Return each model's load steps: met, missed, or not sent any more."""
    rates = sorted({one.rate for steps in climbed.values() for one in steps})
    wide = (_WIDTH - 240) / len(rates)
    parts = []
    for number, rate in enumerate(rates):
        middle = 230 + wide * (number + 0.5)
        parts.append(
            _text(middle, 20, words.label("per_second", language).format(rate=rate), "middle")
        )
    for row, (name, steps) in enumerate(climbed.items()):
        top = 32 + row * 40
        parts.append(_text(8, top + 21, name))
        sent = {one.rate: one for one in steps}
        for number, rate in enumerate(rates):
            one, left = sent.get(rate), 230 + wide * number
            colour = _OF.get(one.state, UNSURE) if one else "#e4e7eb"
            parts.append(
                f'<rect x="{left + 3:.1f}" y="{top}" width="{wide - 6:.1f}" height="32" fill="{colour}"/>'
            )
            late = words.label("none", language) if one and one.first_token_p95 is None else ""
            shown = late or (
                f"{one.first_token_p95:.2f} s" if one else words.label("not_sent", language)
            )
            parts.append(
                _text(left + wide / 2, top + 21, shown, "middle", "#ffffff" if one else FAINT)
            )
    return _svg(44 + 40 * len(climbed), words.pictures["load"][language], parts)


def ramp(looks: Sequence[Look], words: Words, language: Language) -> str:
    """Return the share of devices and the share refused at each evaluation, and the halt."""
    wide = (_WIDTH - 90) / len(looks)
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(_line(50, _y(share), _WIDTH - 20, _y(share), "#e4e7eb", 1))
        parts.append(_text(44, _y(share) + 4, f"{share:.0%}", "end", FAINT))
    for number, one in enumerate(looks):
        left, halted = 60 + wide * number, one.state == "halted"
        colour = BAD if halted else GOOD
        tall = 200 * one.fraction
        parts.append(
            f'<rect x="{left:.1f}" y="{220 - tall:.1f}" width="{wide * 0.5:.1f}" height="{tall:.1f}"'
            f' fill="{colour}" opacity="0.55"/>'
        )
        refused = 200 * one.refused
        parts.append(
            f'<rect x="{left + wide * 0.5:.1f}" y="{220 - refused:.1f}" width="{wide * 0.2:.1f}"'
            f' height="{refused:.1f}" fill="{INK}"/>'
        )
        parts.append(_text(left + wide * 0.35, 236, f"{one.fraction:.0%}", "middle"))
        parts.append(
            _text(left + wide * 0.35, 252, f"{one.requests} · {one.hours:.0f} h", "middle", FAINT)
        )
        if halted:
            middle = left + wide * 0.35
            parts.append(
                _text(
                    middle,
                    220 - max(tall, refused) - 8,
                    words.label("halted", language),
                    "middle",
                    BAD,
                )
            )
    parts.append(_line(50, _y(0.10), _WIDTH - 20, _y(0.10), INK, 1, "5 3"))
    said = f"{words.label('refused', language)}: {words.label('limit', language)} 10 %"
    parts.append(_text(56, _y(0.10) - 5, said))
    return _svg(262, words.pictures["ramp"][language], parts)


def _y(share: float) -> float:
    return 220 - 200 * share


def road(links: Sequence[Link], words: Words, language: Language) -> str:
    """Return the stops from an answer back to the sealed suite, one below the other."""
    parts = []
    for number, one in enumerate(links):
        top = 24 + 46 * number
        parts.append(
            f'<rect x="8" y="{top}" width="{_WIDTH - 16}" height="34" rx="4" fill="#f5f7fa" stroke="{FAINT}"/>'
        )
        parts.append(_text(20, top + 22, words.label(one.what, language), colour=GOOD))
        parts.append(_text(110, top + 22, one.name))
        parts.append(_text(_WIDTH - 20, top + 22, one.where, "end", FAINT))
        if number + 1 < len(links):
            parts.append(_line(40, top + 34, 40, top + 46, INK, 2))
    return _svg(34 + 46 * len(links), words.pictures["road"][language], parts)


def _svg(height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}"'
        f' height="{height:.0f}" role="img" font-family="sans-serif" font-size="12">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{_WIDTH}" height="{height:.0f}" fill="#ffffff"/>{"".join(parts)}'
        f"{_text(8, 13, 'simulated', colour=UNSURE)}</svg>"
    )


def _text(x: float, y: float, said: str, anchor: str = "start", colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(said)}</text>'


def _line(
    x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = ""
) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
        f' stroke-width="{width:g}"{dashed}/>'
    )
