"""Answers: what became of one request."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from pratique.features.checks import Check
from pratique.features.reading import Output
from pratique.labels.policy import Label
from pratique.partners.contract import Usage
from pratique.privacy import Sensitive
from pratique.screening.refusing import StockAnswer, locales, stock_answer, suspended_answer

AnswerStatus = Literal["ok", "refused", "blocked", "invalid", "truncated", "failed"]
"""`failed` means that the partner gave nothing; `web` turns it into a problem."""

Reason = Literal["", "input_screened", "output_screened", "partner_blocked", "suspended"]
"""Who blocked: our screening of the input, of the answer, the partner's own filter, or a pause."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one request."""

    status: AnswerStatus
    """What it came to."""
    output: Sensitive[Output] | None = None
    """The output, when `ok`; of free text that was cut at the limit, what there is of it."""
    reason: Reason = ""
    """Who blocked, when `blocked`."""
    said: StockAnswer | None = None
    """What is said in place of the output, when `blocked`; None where its locale has no words."""
    hits: tuple[str, ...] = ()
    """Ids of the rules that screening found, never words; those that only note with them."""
    unlawful: bool = False
    """Whether the user's own input is clearly unlawful: it counts towards a suspension."""
    by: int = 0
    """Which of the ways answered: 0 the variant itself, n the n-th of its fallbacks."""
    checks: tuple[Check, ...] = ()
    """What each check found; the first is `schema`."""
    label: Label | None = None
    """The marks that generated content must carry, with every output."""
    reply: str = "ok"
    """What the partner's reply was; `ok` too where it was not asked."""
    usage: Usage = Usage()
    """Tokens used."""
    seconds: float = 0.0
    """Time that the partner took."""
    asked: int = 1
    """How often the model was asked: twice where a check failed and it was asked to mend that,
    not at all where the request was stopped before."""
    model: str = ""
    """Model that the reply names; empty where it names none."""
    fingerprint: str = ""
    """What served it, as the reply names it; empty where it does not."""
    draft: Sensitive[str] | None = None
    """The text that the model wrote, for evals; never sent to a user."""


def said_in(locale: str, categories: Iterable[str], contact: str) -> StockAnswer | None:
    """Return what is said in place of an answer about *categories*; no other locale stands in."""
    return stock_answer(locale, categories, contact) if locale in locales() else None


def suspended(locale: str) -> Answer:
    """Return what somebody gets whom the feature is paused for; no model is asked."""
    said = suspended_answer(locale) if locale in locales() else None
    return Answer(status="blocked", reason="suspended", said=said, asked=0)
