"""The pages of a brief: what a partner's engineers read, as HTML in one file and as Markdown."""

import html as escaping
from collections.abc import Callable, Sequence
from datetime import date
from importlib.resources import files

import jinja2
import msgspec
from markupsafe import Markup

from pratique.assessment.brief import Brief, Part
from pratique.assessment.brief_words import CAUSES_ZH, WORDS
from pratique.assessment.cases import RegressionCase
from pratique.assessment.causes import Cause
from pratique.assessment.pictures import interval
from pratique.assessment.promises import Kept
from pratique.assessment.trend_picture import trend_picture
from pratique.assessment.ways import Way

Rows = Sequence[Sequence[str]]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table in words, with a picture for a row where there is one."""

    columns: Sequence[str]
    """Heads."""
    rows: Rows
    """Cells."""
    pictures: Sequence[Markup] = ()
    """One a row, or none at all."""
    marks: Sequence[str] = ()
    """What each row comes to, for its colour."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What both forms of a page show."""

    language: str
    """Its language."""
    title: str
    """Its title."""
    lines: Sequence[str]
    """What stands at its top."""
    sections: Sequence[tuple[str, Sequence[str], Table | None]]
    """Head, lines and table of each section."""


def html(brief: Brief, language: str) -> str:
    """Return *brief* as one HTML page without outside addresses."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(
            str(files("pratique") / "assessment" / "templates" / "brief")
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["coded"] = _coded
    return environment.get_template("brief.html").render(page=_page(brief, language))


def _coded(text: str) -> Markup:
    """Return *text* with what stands between backticks set as code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(parts)
    )


def markdown(brief: Brief, language: str) -> str:
    """Return *brief* as Markdown."""
    page = _page(brief, language)
    lines = [f"# {_plain(page.title)}", "", *map(_plain, page.lines), ""]
    for head, texts, table in page.sections:
        lines += [
            f"## {_plain(head)}",
            "",
            *(line for text in texts for line in (_plain(text), "")),
        ]
        if table is not None and table.rows:
            lines += [_row(table.columns), _row(["---"] * len(table.columns))]
            lines += [*map(_row, table.rows), ""]
    return "\n".join(lines)


def _page(brief: Brief, language: str) -> Page:
    def word(name: str, /, **figures: object) -> str:
        return WORDS[language][name].format(**figures)

    lines = [word("intro", made=brief.made, alpha=brief.alpha)]
    if brief.simulated:
        lines.insert(0, word("simulated", name=brief.name))
    certainty = next((one.outlook.certainty for one in brief.ways if one.outlook), None)
    sections: list[tuple[str, Sequence[str], Table | None]] = [
        (word("where"), (), _standing(brief.parts, word)),
        *(_causes(one, word, language) for one in brief.parts if one.causes),
        (word("cases"), _case_lines(brief, word), None),
        (
            word("trend"),
            (word("model_based", certainty=certainty),) if certainty else (),
            _ways(brief.ways, word),
        ),
        (
            word("promises"),
            () if brief.promises else (word("no_promises"),),
            _promises(brief.promises, word) if brief.promises else None,
        ),
    ]
    title = word("title", name=brief.name, market=brief.market)
    return Page(language=language, title=title, lines=lines, sections=sections)


Word = Callable[..., str]


def _standing(parts: Sequence[Part], word: Word) -> Table:
    names = [
        "model",
        "feature",
        "locale",
        "passed",
        "interval",
        "bar",
        "gap",
        "samples",
        "calls",
        "finding",
        "run",
    ]
    return Table(
        columns=[word(name) for name in names],
        rows=[
            [
                one.model,
                _subject(one.feature, one.suite),
                one.locale,
                f"{one.estimate:.1%}",
                f"{one.low:.1%} – {one.high:.1%}",
                f"{one.bar:.1%}",
                f"{one.gap[0]:.1%} ({one.gap[1]:.1%} – {one.gap[2]:.1%})",
                f"{one.samples} / {one.of}",
                str(one.calls),
                word(one.finding),
                one.run_id,
            ]
            for one in parts
        ],
        # Made of numbers alone, so that marking them as safe is safe.
        pictures=[
            Markup(interval(one.estimate, one.low, one.high, one.bar, one.finding))  # noqa: S704
            for one in parts
        ],
        marks=[one.finding for one in parts],
    )


def _causes(part: Part, word: Word, language: str) -> tuple[str, Sequence[str], Table]:
    head = f"{word('causes')}: {part.model}, {_subject(part.feature, part.suite)}, {part.locale}"
    rows = [
        [one.id, _meaning(one, language), word("of", count=one.samples, of=one.of)]
        for one in part.causes
    ]
    lines = (word("prompt_changed"),) if part.prompt_changed else ()
    return head, lines, Table(columns=[word(n) for n in ("cause", "meaning", "share")], rows=rows)


def _meaning(cause: Cause, language: str) -> str:
    if language == "en":
        return cause.about
    return CAUSES_ZH.get(cause.id) or CAUSES_ZH.get(cause.id.partition(":")[0], cause.about)


def _case_lines(brief: Brief, word: Word) -> Sequence[str]:
    cases = brief.cases
    if not cases:
        return (word("no_cases"),)
    failed = sum(one.known == "failed" for one in cases)
    shown = sum(one.origin == "revealed" for one in cases)
    told = word(
        "some_cases", count=len(cases), failed=failed, open=len(cases) - failed, revealed=shown
    )
    return (
        told,
        word("how"),
        *_readings(cases, word),
        "`inspect eval regression.py --model …` (Inspect); `npx promptfoo eval -c promptfooconfig.yaml` (promptfoo)",
    )


def _readings(cases: Sequence[RegressionCase], word: Word) -> list[str]:
    """Return how the answers of *cases* are read, once for each feature and locale."""
    found = {}
    for one in cases:
        reading = one.reading
        form = word(
            f"read_{reading.form}", choices=", ".join(f"`{choice}`" for choice in reading.choices)
        )
        found[one.feature, one.locale, form, one.max_tokens] = word(
            "read", feature=one.feature, locale=one.locale, form=form, tokens=one.max_tokens
        )
    return list(found.values())


def _ways(ways: Sequence[Way], word: Word) -> Table:
    names = [
        "model",
        "feature",
        "locale",
        "releases",
        "per_week",
        "crosses",
        "agreed",
        "planned",
        "verdict",
    ]
    return Table(
        columns=[word(name) for name in names],
        rows=[_way(one, word) for one in ways],
        pictures=[Markup(trend_picture(one)) for one in ways],  # noqa: S704  (numbers alone)
        marks=[one.verdict or "" for one in ways],
    )


def _way(one: Way, word: Word) -> Sequence[str]:
    releases = "; ".join(
        f"{seen.day} {seen.estimate:.1%} ({seen.low:.1%} – {seen.high:.1%}; {seen.samples})"
        for seen in one.releases
    )
    outlook = one.outlook
    pace, crosses, planned = word("few"), word("none"), word("none")
    if outlook is not None:

        def day(found: date | None) -> str:
            return str(found) if found else word("beyond", horizon=outlook.horizon)

        pace = (
            f"{outlook.per_week:+.1%} ({outlook.per_week_low:+.1%} – {outlook.per_week_high:+.1%})"
        )
        crosses = day(outlook.crosses)
        if outlook.earliest:
            crosses += f" ({outlook.earliest} – {day(outlook.latest)})"
        if outlook.planned:
            middle, low, high = outlook.planned
            planned = f"{middle:.1%} ({low:.1%} – {high:.1%})"
    return [
        ", ".join(one.models),
        _subject(one.feature, one.suite),
        one.locale,
        releases or word("none"),
        pace,
        crosses,
        f"{one.milestone}: {one.bar:.1%}, {one.due}" if one.milestone else word("nothing"),
        planned,
        word(one.verdict) if one.verdict else word("none"),
    ]


def _promises(promises: Sequence[Kept], word: Word) -> Table:
    names = ["promise", "cause", "feature", "locale", "due", "before", "now", "state", "run"]

    def counted(pair: tuple[int, int] | None) -> str:
        return word("of", count=pair[0], of=pair[1]) if pair else word("none")

    return Table(
        columns=[word(name) for name in names],
        rows=[
            [
                f"{one.fix.id}: {one.fix.about}",
                one.fix.cause,
                one.fix.feature,
                one.fix.locale,
                str(one.fix.date),
                counted(one.before),
                counted(one.now),
                word(one.state, at_most=one.at_most) + (word("overdue") if one.overdue else ""),
                one.run_id or word("none"),
            ]
            for one in promises
        ],
    )


def _subject(feature: str, suite: str) -> str:
    return feature if feature == suite else f"{feature} ({suite})"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |"


def _plain(text: str) -> str:
    """Return *text* on one line, with nothing in it that Markdown would take for HTML."""
    return " ".join(escaping.escape(text, quote=False).split())
