"""Causes: why samples failed, in words that give nothing of the samples away."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from pratique.evals.outcomes import Result
from pratique.features.checks import CHECKS


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """One cause with how often it was met."""

    id: str
    """`refused`, `blocked`, `failed:timeout`, `check:numbers_kept`, `target:lacks`."""
    samples: int
    """Samples that failed of it; each failed sample has exactly one cause, the first that holds."""
    of: int
    """Samples of the run, passed ones included."""
    about: str
    """What it means, in one sentence."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How a scorer says one kind of miss, and what that kind is called."""

    id: str
    """What follows `target:` in the cause; a group of the pattern where it is empty."""
    says: str
    """Pattern of how the scorer's reason begins."""
    about: str
    """What it means."""


SHAPES = (
    Shape(id="says", says="says “", about="It says what must not be said."),
    Shape(id="lacks", says="lacks (the \\w+ )?“", about="It leaves out what had to be said."),
    Shape(id="left_out", says="leaves out `", about="It leaves out an item that it had to cover."),
    Shape(
        id="",
        says="(?:event \\d+: )?`(who|where|what|when|title|start|end|place)` (?:should be|is not known)",
        about="This field of the output is wrong.",
    ),
    Shape(id="when", says="no time was said", about="This field of the output is wrong."),
    Shape(id="urgent_missed", says="urgent should be true", about="Something urgent was missed."),
    Shape(id="urgent_wrongly", says="urgent should be false", about="It calls urgent what is not."),
    Shape(id="not_accepted", says="none of the accepted", about="It is none of the right texts."),
    Shape(id="unchanged", says="the text was not changed", about="The text was left as it was."),
    Shape(id="shown", says="shown$", about="It shows what had to be left out."),
    Shape(
        id="suppressed", says="suppressed without need", about="It leaves out what had to be shown."
    ),
    Shape(id="far", says="far from every reference", about="It is far from every right text."),
    Shape(id="fact_changed", says="changes a fact", about="It changes a fact."),
    Shape(id="nothing_written", says="nothing was written", about="It says nothing at all."),
    Shape(id="class", says="the (class|category) should be", about="The class is wrong."),
    Shape(
        id="form", says="there should be", about="A part is there that must not be, or is missing."
    ),
    Shape(id="count", says="\\d+ ", about="There are too many or too few entries."),
    Shape(
        id="entry", says="(entry|column|row) .*should say “", about="An entry says something else."
    ),
)
"""Reasons that may be told of a sealed sample: by their shape, never by the words in them."""

_OUTCOMES = {
    "refused": "The model declined a request that it should have answered.",
    "blocked": "A filter of the partner stopped the request or the answer.",
    "invalid": "The answer broke off or could not be read.",
    "failed": "No answer came: the call itself failed.",
    "target": "The answer is in form and every check holds, yet it misses what was asked for.",
}


def cause_of(result: Result) -> str:
    """Return the cause of *result*, a sample that has not passed: the first that holds."""
    check = next((one.id for one in result.checks if not one.passed), "")
    match result.outcome:
        case "scored":
            return _missed(result.why)
        case "failed":
            return f"failed:{result.reply}"
        case "invalid" if check:
            return f"check:{check}"
        case outcome:
            return outcome


def causes_of(results: Sequence[Result]) -> tuple[Cause, ...]:
    """Return the causes in *results*, the most frequent first."""
    counts: dict[str, int] = {}
    for result in results:
        if not result.passed:
            cause = cause_of(result)
            counts[cause] = counts.get(cause, 0) + 1
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        Cause(id=cause, samples=count, of=len(results), about=about(cause))
        for cause, count in ordered
    )


def about(cause: str) -> str:
    """Return what *cause* means."""
    kind, _, name = cause.partition(":")
    if kind == "check" and name in CHECKS:
        return (CHECKS[name][1].__doc__ or name).splitlines()[0]
    if kind == "target" and name:
        field = next(shape.about for shape in SHAPES if not shape.id)
        return next((shape.about for shape in SHAPES if shape.id == name), field)
    return _OUTCOMES.get(kind, "The answer does not fit the feature's schema.")


def _missed(why: str) -> str:
    """Return the kind of miss that a scorer's reasons begin with; a reason of no known shape is just a miss."""
    for shape in SHAPES:
        found = re.match(shape.says, why)
        if found:
            return f"target:{shape.id or found[1]}"
    return "target"


def spread(results: Iterable[Result], count: int) -> tuple[Result, ...]:
    """Return up to *count* failed results, the causes taken in turn, in the order of sample ids."""
    groups: dict[str, list[Result]] = {}
    for result in sorted(results, key=lambda one: one.sample_id):
        if not result.passed:
            groups.setdefault(cause_of(result), []).append(result)
    queues = sorted(groups.values(), key=lambda one: (-len(one), one[0].sample_id))
    rounds = max(map(len, queues), default=0)
    taken = [queue[n] for n in range(rounds) for queue in queues if n < len(queue)]
    return tuple(taken[:count])
