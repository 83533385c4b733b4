"""Qwen3Guard-Gen: `Safety: Unsafe` and `Categories: …`, three levels, 119 languages.

The format and the nine categories are those of its public model card and technical report
(Apache-2.0, 0.6B, 4B and 8B). Not measured here on a running model.
"""

import re
from functools import cache

from msgspec.structs import replace

from pratique.partners.safeguards.contract import Category, Level, Verdict, each_once
from pratique.partners.safeguards.guards import GuardModel, Unreadable

_CATEGORIES: dict[str, Category] = {
    "violent": "violence",
    "non-violent illegal acts": "illegal_goods",
    "sexual content or sexual acts": "sexual",
    "pii": "privacy",
    "personally identifiable information": "privacy",
    "suicide & self-harm": "self_harm",
    "unethical acts": "abuse",
    "politically sensitive topics": "political",
    "copyright violation": "intellectual_property",
    "jailbreak": "injection",
}
_LEVELS: dict[str, Level] = {
    "safe": "safe",
    "controversial": "controversial",
    "unsafe": "unsafe",
}


class Qwen3Guard(GuardModel):
    """Qwen3Guard-Gen as a judge."""

    categories = each_once(list(_CATEGORIES.values()))

    def read(self, answer: str, about: Verdict) -> Verdict:
        """Return what *answer* says; one category that is not known counts as `other`."""
        safety = _safety().search(answer)
        if safety is None:
            raise Unreadable("no `Safety:` line")
        level = _LEVELS[safety[1].lower()]
        named = _named().search(answer)
        labels = _labels(named[1] if named else "")
        found = [_CATEGORIES.get(one.lower(), "other") for one in labels]
        if level != "safe" and not found:
            found = ["other"]
        return replace(
            about,
            level=level,
            categories=each_once(found) if level != "safe" else (),
            labels=labels,
        )


def _labels(line: str) -> tuple[str, ...]:
    each = (one.strip(" .`\"'*")[:64] for one in line.split(","))
    return tuple(one for one in each if one and one.lower() != "none")[:16]


@cache
def _safety() -> re.Pattern[str]:
    return re.compile(r"^\W*Safety:\s*(Safe|Unsafe|Controversial)\b", re.MULTILINE | re.IGNORECASE)


@cache
def _named() -> re.Pattern[str]:
    return re.compile(r"^\W*Categor(?:y|ies):[ \t]*([^\n]*)", re.MULTILINE | re.IGNORECASE)
