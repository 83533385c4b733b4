"""The report as Markdown: the same figures, for a change request or a wiki."""

from collections.abc import Iterator

from pratique.assessment.report.figures import Reported, Row
from pratique.assessment.summary import WORDS, selection_lines

_COLUMNS = (
    "feature",
    "locale",
    "candidate",
    "estimate",
    "interval",
    "bar",
    "samples",
    "calls",
    "cost",
    "finding",
    "run",
)


def markdown(found: Reported) -> str:
    """Return *found* as GitHub-flavoured Markdown."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Reported) -> Iterator[str]:
    taken = found.assessment
    yield f"# Assessment of market {_plain(taken.market)}"
    yield ""
    yield (
        f"Standard {_plain(taken.standard)}, α = {taken.alpha} over {len(found.rows)} findings"
        f" ({_plain(taken.family)}), seed {taken.seed}."
    )
    yield f"{found.calls} calls, where full runs take {found.full_calls}. {cost_words(found)}"
    yield f"`{found.id}`, pratique {found.version}."
    if any(row.simulated for row in found.rows):
        yield ""
        yield "Candidates marked `simulated` are invented; no figure of theirs is about a company."
    for line in taken.left_out:
        yield ""
        yield _plain(line)
    yield ""
    yield f"| {' | '.join(_COLUMNS)} |"
    yield "|" + " --- |" * len(_COLUMNS)
    for row in found.rows:
        yield f"| {' | '.join(_cells(row))} |"
    yield ""
    yield (
        "Whatever was refused, blocked, invalid or failed is in the samples and counts as not"
        " passed."
    )
    if taken.pairs:
        yield ""
        yield "## Against the incumbent"
        yield ""
        for pair in taken.pairs:
            yield f"- {_plain(pair.text)}"
    if any(row.judging for row in found.rows):
        yield ""
        yield "## Judges"
        yield ""
        for row in found.rows:
            if row.judging:
                one = row.finding
                where = f"{one.subject} {one.locale} {one.candidate}"
                yield f"- {_plain(f'{where}: {row.judging}')}"
    if found.signs:
        yield ""
        yield "## Signs that another model answered"
        yield ""
        for seen in found.signs:
            yield f"- {_plain(seen.text)}"
    if found.selection is not None:
        yield ""
        yield "## Who serves"
        yield ""
        for line in selection_lines(found.selection):
            indent = "  " if line.startswith(" ") else ""
            yield f"{indent}- {_plain(line.strip())}"


def _cells(row: Row) -> Iterator[str]:
    one = row.finding
    yield _plain(one.subject)
    yield _plain(one.locale)
    yield _plain(one.candidate) + (" `simulated`" if row.simulated else "")
    yield f"{one.estimate:.1%}" if one.samples else "–"
    yield f"{one.low:.1%} – {one.high:.1%}"
    yield f"{one.bar:.0%}"
    kinds = ", ".join(f"{count} {name}" for name, count in row.outcomes.items())
    yield f"{one.counted} ({kinds or 'none drawn'})"
    yield str(one.calls)
    yield _plain(row.cost.text)
    yield WORDS[one.finding]
    yield f"`{one.run_id}`"


def cost_words(found: Reported) -> str:
    """Return what the assessment cost, and of how many findings that is not known."""
    told = " and ".join(f"{amount:.4g} {name}" for name, amount in sorted(found.costs.items()))
    words = f"Cost: {told or 'none billed'}"
    return (
        f"{words}; of {found.unpriced} findings no price is known."
        if found.unpriced
        else f"{words}."
    )


def _plain(text: str) -> str:
    """Return *text* so that nothing in it is markup."""
    one_line = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#&" else c for c in one_line)
