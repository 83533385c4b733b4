"""Pictures of the story as SVG that stands by itself, each axis with its unit."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from pratique.rehearsal.story.drawing import (
    BAD,
    FAINT,
    GOOD,
    GRID,
    INK,
    OF,
    UNSURE,
    WIDTH,
    box,
    dot,
    legend,
    line,
    svg,
    text,
)
from pratique.rehearsal.story.others import Climbed
from pratique.rehearsal.story.primary import Course
from pratique.rehearsal.story.ramp import Look
from pratique.rehearsal.story.reading import Found
from pratique.rehearsal.story.road import Link
from pratique.rehearsal.story.words import Language, Words

Place = Callable[[float], float]
"""Where a figure is drawn."""


def verdicts(found: Sequence[Found], words: Words, language: Language) -> str:
    """Return the interval of each model on each feature and locale, against the bar."""
    models: dict[str, list[Found]] = {}
    for one in found:
        models.setdefault(one.candidate, []).append(one)
    least, left = math.floor(5 * min(one.low for one in found)) / 5, 136
    parts, top, bar = list[str](), 42.0, found[0].bar

    def x(share: float) -> float:
        return left + (WIDTH - left - 54) * (share - least) / (1 - least)

    for model, cells in models.items():
        parts.append(text(8, top + 12, model))
        for number, one in enumerate(cells, 1):
            y, colour = top + 12 + 17 * number, OF.get(one.finding, UNSURE)
            parts.append(text(18, y + 4, f"{one.feature} {one.locale}", colour=FAINT, size=11))
            parts += [
                line(x(one.low), y, x(one.high), y, colour, 4),
                dot(x(one.estimate), y, colour),
            ]
            parts.append(text(WIDTH - 8, y + 4, f"{one.estimate:.1%}", "end", colour, 11))
        top += 24 + 17 * len(cells)
    grid = [
        part
        for step in range(round(10 * least), 11, 2)
        for part in (
            line(x(step / 10), 36, x(step / 10), top, GRID, 1),
            text(x(step / 10), top + 16, f"{step / 10:.0%}", "middle", FAINT, 11),
        )
    ]
    parts.append(line(x(bar), 36, x(bar), top, INK, 2, "5 3"))
    parts.append(text(x(bar), 31, f"{words.label('bar', language)} {bar:.0%}", "middle"))
    parts.append(text(8, top + 16, words.label("passed", language), colour=FAINT, size=11))
    told = ((GOOD, "meets"), (BAD, "falls_short"), (UNSURE, "undecided"))
    marks = [(colour, words.label(name, language)) for colour, name in told]
    parts += legend(top + 36, marks)
    parts.append(text(8, top + 54, words.label("interval", language), colour=FAINT, size=11))
    return svg(top + 64, words.pictures["verdicts"][language], grid + parts)


def progress(course: Course, words: Words, language: Language) -> str:
    """Return the releases over time, the forecast for the planned day and the bar."""
    first, last = course.points[0].day.toordinal(), course.date.toordinal()

    def x(day: float) -> float:
        return 46 + (WIDTH - 120) * (day - first) / (last - first)

    def y(share: float) -> float:
        return 40 + 220 * (1 - (share - 0.5) / 0.5)

    parts = [text(8, 24, words.label("passed", language), colour=FAINT, size=11)]
    for step in range(5, 11):
        parts.append(line(46, y(step / 10), WIDTH - 20, y(step / 10), GRID, 1))
        parts.append(text(40, y(step / 10) + 4, f"{step / 10:.0%}", "end", FAINT, 11))
    parts.append(line(46, y(course.bar), WIDTH - 20, y(course.bar), INK, 2, "5 3"))
    parts.append(text(50, y(course.bar) - 6, f"{words.label('bar', language)} {course.bar:.0%}"))
    places = [(x(one.day.toordinal()), y(one.share)) for one in course.points]
    parts += [line(*before, *after, GOOD, 2) for before, after in pairwise(places)]
    for number, (one, (at, high)) in enumerate(zip(course.points, places, strict=True)):
        said = f"{one.model.rpartition('-')[2]}: {one.share:.0%}"
        parts.append(dot(at, high, GOOD))
        parts.append(text(at, high + (20 if number % 2 == 0 else -10), said, "middle", size=11))
    days = (course.points[0].day, course.points[-1].day, course.date)
    parts += [text(x(day.toordinal()), 280, day.isoformat(), "middle", FAINT, 11) for day in days]
    parts += _forecast(course, words, language, x, y)
    return svg(292, words.pictures["progress"][language], parts)


def _forecast(course: Course, words: Words, language: Language, x: Place, y: Place) -> list[str]:
    if course.planned is None:
        return []
    (middle, low, high), end = course.planned, course.points[-1]
    at = x(course.date.toordinal())
    return [
        line(x(end.day.toordinal()), y(end.share), at, y(middle), BAD, 2, "4 4"),
        line(at, y(low), at, y(high), BAD, 6),
        text(WIDTH - 6, y(high) - 24, words.label("forecast", language), "end", BAD),
        text(WIDTH - 6, y(high) - 9, f"{low:.1%} – {high:.1%}", "end", BAD),
    ]


def load(climbed: Mapping[str, Sequence[Climbed]], words: Words, language: Language) -> str:
    """Return each model's load steps: met, missed, undecided, or not sent any more."""
    rates = sorted({one.rate for steps in climbed.values() for one in steps})
    left = 178.0
    wide = (WIDTH - left - 8) / len(rates)
    parts = [text(8, 42, words.label("per_second", language), colour=FAINT, size=11)]
    for number, rate in enumerate(rates):
        parts.append(text(left + wide * (number + 0.5), 42, f"{rate:g}", "middle"))
    for row, (name, steps) in enumerate(climbed.items()):
        top, sent = 52 + row * 38, {one.rate: one for one in steps}
        parts.append(text(8, top + 20, name))
        for number, rate in enumerate(rates):
            place = left + wide * number
            parts += _step(sent.get(rate), place, top, wide, words, language)
    told = ((GOOD, "met"), (BAD, "missed"), (UNSURE, "undecided"), (GRID, "not_sent"))
    bottom = 52 + 38 * len(climbed)
    parts += legend(bottom + 16, [(colour, words.label(name, language)) for colour, name in told])
    parts.append(text(8, bottom + 36, words.label("first_token", language), colour=FAINT, size=11))
    return svg(bottom + 48, words.pictures["load"][language], parts)


def _step(
    one: Climbed | None, left: float, top: float, wide: float, words: Words, language: Language
) -> list[str]:
    if one is None:
        said, colour, ink = "–", GRID, FAINT
    else:
        late = one.first_token_p95
        said = words.label("none", language) if late is None else f"{late:.2f} s"
        colour, ink = OF.get(one.state, UNSURE), "#ffffff"
    return [
        box(left + 2, top, wide - 4, 32, colour),
        text(left + wide / 2, top + 20, said, "middle", ink),
    ]


def ramp(looks: Sequence[Look], words: Words, language: Language) -> str:
    """Return the share of devices and the share refused at each evaluation, and the halt."""
    left = 62.0
    wide, limit = (WIDTH - left - 6) / len(looks), looks[0].limit
    parts = list[str]()
    for step in range(5):
        parts.append(line(left, _y(step / 4), WIDTH - 6, _y(step / 4), GRID, 1))
        parts.append(text(left - 6, _y(step / 4) + 4, f"{step / 4:.0%}", "end", FAINT, 11))
    for row, name in enumerate(("stage", "requests", "hours")):
        parts.append(text(8, 252 + 16 * row, words.label(name, language), colour=FAINT, size=11))
    highest = _y(max(max(one.high, one.refused) for one in looks))
    for number, one in enumerate(looks):
        middle = left + wide * (number + 0.5)
        parts += _look(one, middle, wide)
        if one.state == "halted":
            said = words.label("exposed", language).format(one.requests)
            parts.append(text(middle, highest - 22, words.label("halted", language), "middle", BAD))
            parts.append(text(middle, highest - 8, said, "middle", BAD, 11))
    parts.append(line(left, _y(limit), WIDTH - 6, _y(limit), INK, 1, "5 3"))
    told = ((_LIGHT, "devices"), (INK, "refused"), (BAD, "halted"))
    parts += legend(310, [(colour, words.label(name, language)) for colour, name in told])
    said = f"- - -  {words.label('limit', language)} {limit:.0%}"
    parts.append(text(8, 328, said, colour=FAINT, size=11))
    return svg(338, words.pictures["ramp"][language], parts)


_LIGHT = "#8fbba0"


def _y(share: float) -> float:
    return 234 - 204 * share


def _look(one: Look, middle: float, wide: float) -> list[str]:
    bar, served = wide * 0.28, BAD if one.state == "halted" else _LIGHT
    refused = middle + bar / 2 + 2
    return [
        box(middle - bar - 2, _y(one.fraction), bar, 204 * one.fraction, served),
        box(middle + 2, _y(one.refused), bar, 204 * one.refused, INK),
        line(refused, _y(one.low), refused, _y(one.high), FAINT, 2),
        text(middle, 252, one.stage, "middle"),
        text(middle, 268, str(one.requests), "middle", FAINT, 11),
        text(middle, 284, f"{one.hours} h", "middle", FAINT, 11),
    ]


def road(links: Sequence[Link], words: Words, language: Language) -> str:
    """Return the stops from an answer back to the sealed suite, one below the other."""
    parts = list[str]()
    for number, one in enumerate(links):
        top = 24 + 60 * number
        parts.append(box(8, top, WIDTH - 16, 46, "#f5f7fa", "#9aa5b1"))
        parts.append(text(20, top + 19, words.label(one.what, language), colour=GOOD))
        parts.append(text(86, top + 19, one.name))
        parts.append(text(86, top + 36, one.where, colour=FAINT, size=11))
        if number + 1 < len(links):
            parts.append(line(40, top + 46, 40, top + 60, INK, 2))
    return svg(24 + 60 * len(links), words.pictures["road"][language], parts)
