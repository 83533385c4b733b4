"""Sensitive subjects: notifications that are shown as they are rather than summed up."""

import re
from functools import cache

from pratique.partners.rules import words

SUBJECTS = ("self_harm", "sexual", "violence", "hate", "death")
"""What no line may sum up."""


def sensitive(text: str, locale: str) -> str | None:
    """Return the subject of *text* that no line may sum up, or None."""
    lists = words.phrases(locale, "sensitive.toml")
    rest = _any(lists["unless"], locale).sub(" ", text.replace("’", "'"))
    return next((name for name in SUBJECTS if _any(lists[name], locale).search(rest)), None)


@cache
def _any(phrases: tuple[str, ...], locale: str) -> re.Pattern[str]:
    """Return a pattern of *phrases*, whole words in English, longest first."""
    either = "|".join(sorted(map(re.escape, phrases), key=lambda each: (-len(each), each)))
    whole = rf"(?<![\w'])(?:{either})(?![\w'])" if locale == "en" else either
    return re.compile(whole, re.IGNORECASE)
