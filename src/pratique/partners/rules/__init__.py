"""Rules as a model: the deterministic baseline that every other model must beat."""

import msgspec

from pratique.errors import NotFound
from pratique.partners.rules import proofread_en, proofread_zh
from pratique.partners.rules.priority import priority
from pratique.partners.rules.records import (
    Corrected,
    PriorityInput,
    ProofreadInput,
    Replies,
    ReplyInput,
    Request,
    SummarizeInput,
    Summary,
    read,
)
from pratique.partners.rules.replies import replies
from pratique.partners.rules.summarize import summarize

LOCALES = ("en", "zh-Hans")
"""Languages that the rules know."""

FEATURES = ("priority", "proofread", "smart_reply", "summarize")
"""Features that the rules answer."""


def answer(request: bytes) -> bytes:
    """Return the JSON answer to a JSON *request* `{"feature", "locale", "input"}`.

    The answer has the feature's own output shape; proofread answers only `corrected`. Same
    request, same answer. Raises `NotFound` for a feature or a locale that the rules do not know,
    `Malformed` for a request that does not fit.
    """
    asked = read(request, Request)
    if asked.locale not in LOCALES:
        raise NotFound(
            f"rules do not know the locale `{asked.locale}`", hint=f"use {' or '.join(LOCALES)}"
        )
    return msgspec.json.encode(_answered(asked))


def _answered(asked: Request) -> msgspec.Struct:
    """Return the answer of the feature that *asked* names."""
    if asked.feature == "proofread":
        given = read(asked.input, ProofreadInput)
        language = proofread_en if asked.locale == "en" else proofread_zh
        return Corrected(corrected=language.proofread(given.text, given.protected))
    if asked.feature == "summarize":
        return Summary(summary=summarize(read(asked.input, SummarizeInput), asked.locale))
    if asked.feature == "smart_reply":
        return Replies(replies=replies(read(asked.input, ReplyInput), asked.locale))
    if asked.feature == "priority":
        return priority(read(asked.input, PriorityInput), asked.locale)
    raise NotFound(
        f"rules do not know the feature `{asked.feature}`", hint=f"use {', '.join(FEATURES)}"
    )
