"""Checks: what must hold of each answer, the same code when serving and when measuring."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from pratique.errors import Malformed
from pratique.features.checks.case import Case, Check, CheckUse, Fields
from pratique.features.checks.conversing import format_as_asked, tools_as_offered
from pratique.features.checks.corrections import corrections_apply, protected_kept
from pratique.features.checks.forms import (
    all_distinct,
    covers_known,
    length_at_most,
    points_at_most,
    sentences_at_most,
    shorter_if_concise,
    suppressed_plainly,
)
from pratique.features.checks.kept import (
    amounts_from_source,
    claims_kept,
    founded,
    glossary_used,
    links_kept,
    names_from_source,
    negation_kept,
    numbers_from_source,
    numbers_kept,
    phishing_told,
    placeholders_kept,
)
from pratique.features.checks.languages import in_target, right_script, same_language
from pratique.features.checks.slots import (
    category_fits_events,
    cells_from_source,
    class_fits_text,
    dates_sound,
    form_as_asked,
    people_known,
    places_from_source,
    places_known,
    questions_short,
    rectangular,
    speakers_known,
    step_as_asked,
)

__all__ = ["CHECKS", "Case", "Check", "CheckUse", "checked", "require_known_checks"]

CHECKS: dict[str, tuple[int, Callable[[Case], str]]] = {
    "corrections_apply": (1, corrections_apply),
    "protected_kept": (1, protected_kept),
    "same_language": (2, same_language),
    "right_script": (1, right_script),
    "in_target": (1, in_target),
    "links_kept": (1, links_kept),
    "placeholders_kept": (1, placeholders_kept),
    "numbers_kept": (1, numbers_kept),
    "numbers_from_source": (2, numbers_from_source),
    "amounts_from_source": (1, amounts_from_source),
    "names_from_source": (1, names_from_source),
    "founded": (1, founded),
    "negation_kept": (1, negation_kept),
    "glossary_used": (1, glossary_used),
    "claims_kept": (1, claims_kept),
    "length_at_most": (1, length_at_most),
    "sentences_at_most": (1, sentences_at_most),
    "shorter_if_concise": (1, shorter_if_concise),
    "points_at_most": (1, points_at_most),
    "all_distinct": (1, all_distinct),
    "covers_known": (1, covers_known),
    "suppressed_plainly": (1, suppressed_plainly),
    "class_fits_text": (1, class_fits_text),
    "form_as_asked": (1, form_as_asked),
    "rectangular": (1, rectangular),
    "cells_from_source": (1, cells_from_source),
    "step_as_asked": (1, step_as_asked),
    "questions_short": (1, questions_short),
    "speakers_known": (1, speakers_known),
    "people_known": (1, people_known),
    "places_known": (1, places_known),
    "dates_sound": (1, dates_sound),
    "category_fits_events": (1, category_fits_events),
    "places_from_source": (1, places_from_source),
    "phishing_told": (1, phishing_told),
    "format_as_asked": (2, format_as_asked),
    "tools_as_offered": (1, tools_as_offered),
}
"""Each check with its revision, to be raised whenever its behaviour changes. A check returns why
it does not hold, or an empty string."""


def checked(
    uses: Sequence[CheckUse], locale: str, request: Fields, output: Fields
) -> tuple[Check, ...]:
    """Return what every check of a pack found about *output*, in the pack's order."""
    found = []
    for use in uses:
        why = CHECKS[use.id][1](Case(use=use, locale=locale, request=request, output=output))
        found.append(Check(id=use.id, passed=False, why=why) if why else _held(use.id))
    return tuple(found)


@cache
def _held(check: str) -> Check:
    return Check(id=check, passed=True)


def require_known_checks(uses: Sequence[CheckUse], path: Path) -> None:
    """Refuse a pack that names a check or revision which this code does not have."""
    for use in uses:
        if use.id not in CHECKS:
            near = get_close_matches(use.id, CHECKS, n=1)
            raise Malformed(
                f"unknown check `{use.id}`",
                hint=f"did you mean `{near[0]}`?" if near else f"known: {', '.join(CHECKS)}",
                path=path,
            )
        if use.revision != CHECKS[use.id][0]:
            raise Malformed(
                f"check `{use.id}` has revision {CHECKS[use.id][0]}, not {use.revision}",
                hint="a new revision makes a new candidate: assess it before it is filed",
                path=path,
            )
