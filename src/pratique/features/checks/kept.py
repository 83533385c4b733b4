"""Checks of facts: what must be kept of the source, and what must not be added to it."""

from collections.abc import Mapping

from pratique.features.checks.case import Case, texts_in
from pratique.text.claims import false_claims
from pratique.text.founded import unfounded_in
from pratique.text.kept import lost_codes, lost_placeholders
from pratique.text.names import added_names
from pratique.text.negation import polarity_added, polarity_lost
from pratique.text.phishing import after_a_secret, told_as_a_claim
from pratique.text.quantities import added_quantities, missing_quantities
from pratique.text.spans import folded, links

_OF_THE_CALENDAR = ("date", "lunar", "weekday", "ordinal", "time")
"""Kinds of quantities that a recording says in relation to its day."""
_BODIES = ("title", "subject", "body", "text", "from", "speaker")
"""Fields of a list's entries that hold what people wrote; ids and times are for the machine."""


def links_kept(case: Case) -> str:
    """Web and mail addresses stand as they stood in the source, in number and in order."""
    kept = links(case.written) == links(case.source)
    return "" if kept else "an address was changed, added or lost"


def placeholders_kept(case: Case) -> str:
    """Placeholders such as {name} and codes such as order numbers stand as they stood."""
    lost = (*lost_placeholders(case.source, case.written), *lost_codes(case.source, case.written))
    return f"{len(lost)} placeholder(s) or code(s) lost" if lost else ""


def numbers_kept(case: Case) -> str:
    """Every amount, time and date of the source is there, in whatever way it is written."""
    missing = missing_quantities(case.source, case.written)
    return f"{len(missing)} number(s) of the source are lost" if missing else ""


def numbers_from_source(case: Case) -> str:
    """Every amount, time and date that was written stands in the source too."""
    extra = added_quantities(_said(case), case.written)
    return f"{len(extra)} number(s) that the source lacks" if extra else ""


def amounts_from_source(case: Case) -> str:
    """Every amount that was written stands in the source too; dates may be counted from today."""
    extra = [
        one
        for one in added_quantities(_said(case), case.written)
        if one.kind not in _OF_THE_CALENDAR
    ]
    return f"{len(extra)} amount(s) that the source lacks" if extra else ""


def names_from_source(case: Case) -> str:
    """Nobody and nothing is named that the source does not name."""
    extra = added_names(_said(case), case.written, case.locale)
    return f"{len(extra)} name(s) that the source lacks" if extra else ""


def negation_kept(case: Case) -> str:
    """What the source denies is still denied, and nothing else is."""
    if polarity_lost(case.source, case.written):
        return "a negation was lost"
    return "a negation was added" if polarity_added(case.source, case.written) else ""


def glossary_used(case: Case) -> str:
    """A term of the glossary that the source has is translated as the glossary says."""
    terms = case.request.get("glossary", ())
    source, written = folded(case.source), folded(case.written)
    assert isinstance(terms, (list, tuple))  # noqa: S101  (the schema has made sure)
    missed = sum(
        folded(one["term"]) in source and folded(one["translation"]) not in written for one in terms
    )
    return f"{missed} term(s) of the glossary not used" if missed else ""


def phishing_told(case: Case) -> str:
    """A mail that presses for a secret is told as a claim or as suspicious, never as a calm fact."""
    messages = case.request["messages"]
    assert isinstance(messages, (list, tuple))  # noqa: S101  (the schema has made sure)
    bait = any(after_a_secret(f"{one['subject']} {one['body']}") for one in messages)
    calm = bait and not told_as_a_claim("\n".join(texts_in(case.output)))
    return "a demand for a secret is told as a fact" if calm else ""


def claims_kept(case: Case) -> str:
    """In news and articles no status is changed: a warrant is no arrest, a plan no deed."""
    if case.request.get("app_category", "news") != "news" or case.request.get("kind") == (
        "conversation"
    ):
        # Among friends the wrong verb hurts nobody's name, and a false alarm costs a good answer.
        return ""
    wrong = false_claims(_said(case), case.written)
    return f"changes a fact: {', '.join(wrong)}" if wrong else ""


def _said(case: Case) -> str:
    """Return what people wrote in the source, without ids and times of its entries."""
    if case.use.source == "*":
        return case.source
    value = case.request.get(case.use.source)
    if not isinstance(value, (list, tuple)):
        return case.source
    return "\n".join(
        " ".join(texts_in([one.get(name, "") for name in _BODIES]))
        for one in value
        if isinstance(one, Mapping)
    )


def founded(case: Case) -> str:
    """Every address, number to call, code and picture in the answer stands in the source."""
    found = unfounded_in(case.source, case.written, amounts=False)
    return ", ".join(f"{one.count} {one.kind}(s) that the source lacks" for one in found)
