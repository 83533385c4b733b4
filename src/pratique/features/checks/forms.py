"""Checks of form: lengths, counts, and lists that say each thing once."""

from pratique.features.checks.case import Case
from pratique.text.lengths import characters, length, sentences, unit
from pratique.text.spans import folded

CONCISE = 0.8
"""Most of the source's characters that a concise text may have."""
ALREADY_SHORT = {"en": 8, "zh": 12}
"""Words or characters of a source that nobody can be asked to shorten."""


def length_at_most(case: Case) -> str:
    """Each text is no longer than the locale allows: characters for Chinese, words for English."""
    limits = case.use.most[case.locale]
    wanted = case.request.get("length")
    most = limits.get(wanted if isinstance(wanted, str) else "any", limits.get("any", 0))
    for text in case.texts:
        found = length(text, case.locale)
        if found > most:
            return f"{found} {unit(case.locale)}, at most {most}"
    return ""


def sentences_at_most(case: Case) -> str:
    """No more sentences than the locale allows."""
    most = case.use.most[case.locale]["any"]
    found = len(sentences(case.written))
    return f"{found} sentences, at most {most}" if found > most else ""


def shorter_if_concise(case: Case) -> str:
    """Where a concise text is asked for it has at most four fifths of the source's characters."""
    source = case.source
    short = ALREADY_SHORT[case.locale.partition("-")[0]]
    if case.request.get("tone") != "concise" or length(source, case.locale) <= short:
        return ""
    most, found = int(CONCISE * characters(source)), characters(case.written)
    return f"{found} characters, at most {most}" if found > most else ""


def points_at_most(case: Case) -> str:
    """There are no more points than were asked for."""
    most, found = case.request["max"], len(case.texts)
    assert isinstance(most, int)  # noqa: S101  (the schema has made sure)
    return f"{found} points, at most {most}" if found > most else ""


def all_distinct(case: Case) -> str:
    """No two texts of the list say the same, apart from case, width and punctuation."""
    found = [_bare(text) for text in case.texts]
    distinct = len(set(found)) == len(found) and all(found)
    return "" if distinct else "two of them are the same, or one is empty"


def covers_known(case: Case) -> str:
    """What a line covers are notifications of the stack, each named once; a line covers something."""
    items, covers = case.request["items"], case.output["covers"]
    assert isinstance(items, list) and isinstance(covers, list)  # noqa: S101
    if len(set(covers)) != len(covers) or not set(covers) <= {one["id"] for one in items}:
        return "covers what is not in the stack, or the same twice"
    return "" if covers or case.output["suppressed"] else "covers nothing of the stack"


def suppressed_plainly(case: Case) -> str:
    """A stack is either summed up in a line or suppressed with none."""
    line = str(case.output["line"]).strip()
    return "" if bool(line) is not case.output["suppressed"] else "neither a line nor suppressed"


def _bare(text: str) -> str:
    """Return the letters and digits of *text*, or all of it where there are none (an emoji)."""
    return "".join(c for c in folded(text) if c.isalnum()) or text.strip()
