"""LlamaGuard 3 and 4: `safe`, or `unsafe` and a line of S1 to S14 (MLCommons hazards).

The format is that of its public model card (Llama community licence). Weak in Chinese: mean F1 on
Chinese prompts 45.6 (3-8B) and 44.1 (4-12B) in the technical report of Qwen3Guard, table 4.
"""

import re
from functools import cache

from msgspec.structs import replace

from pratique.partners.safeguards.contract import Category, Verdict, each_once
from pratique.partners.safeguards.guards import GuardModel, Unreadable

_CATEGORIES: dict[str, Category] = {
    "S1": "violence",
    "S2": "illegal_goods",
    "S3": "sexual",
    "S4": "minors",
    "S5": "defamation",
    "S6": "professional_advice",
    "S7": "privacy",
    "S8": "intellectual_property",
    "S9": "dangerous",
    "S10": "hate",
    "S11": "self_harm",
    "S12": "sexual",
    "S13": "elections",
    "S14": "dangerous",
}


class LlamaGuard(GuardModel):
    """LlamaGuard as a judge: two levels, nothing in between."""

    languages = ("en",)
    categories = each_once(list(_CATEGORIES.values()))

    def read(self, answer: str, about: Verdict) -> Verdict:
        """Return what *answer* says; a hazard that is not known counts as `other`."""
        found = _answer().fullmatch(answer)
        if found is None:
            raise Unreadable("neither `safe` nor `unsafe`")
        if found[1].lower() == "safe":
            return replace(about, level="safe")
        labels = tuple(_hazard().findall(found[2] or ""))[:16]
        categories = [_CATEGORIES.get(one, "other") for one in labels] or ["other"]
        return replace(about, level="unsafe", categories=each_once(categories), labels=labels)


@cache
def _answer() -> re.Pattern[str]:
    return re.compile(r"\s*(safe|unsafe)\b[ \t]*(?:\n([S0-9, \t]*))?\s*", re.IGNORECASE)


@cache
def _hazard() -> re.Pattern[str]:
    return re.compile("S[0-9]{1,2}")
