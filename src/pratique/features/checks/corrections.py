"""Checks of corrections: they apply, and leave alone what is protected."""

from pratique.features.checks.case import Case
from pratique.text.edits import Edit, applied


def corrections_apply(case: Case) -> str:
    """Applying the corrections to the text gives exactly the corrected text."""
    text, found = case.request["text"], case.output["corrections"]
    assert isinstance(text, str) and isinstance(found, list)  # noqa: S101  (the schema has made sure)
    try:
        changes = [Edit(one["start"], one["end"], one["replacement"]) for one in found]
        return (
            ""
            if applied(text, changes) == case.output["corrected"]
            else "corrections give another text"
        )
    except ValueError:
        return "corrections overlap or are out of range"


def protected_kept(case: Case) -> str:
    """No correction touches a protected span."""
    spans, found = case.request.get("protected", []), case.output["corrections"]
    assert isinstance(spans, list) and isinstance(found, list)  # noqa: S101
    for span in spans:
        for one in found:
            inside = one["start"] < span["end"] and span["start"] < one["end"]
            inserted = one["start"] == one["end"] and span["start"] < one["start"] < span["end"]
            if inside or inserted:
                return "a protected span was changed"
    return ""
