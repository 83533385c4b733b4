"""Free conversation, as far as rules go: sums, greetings, kind refusals, and saying that they know no more."""

import operator
import re
from collections.abc import Callable
from typing import Literal

import msgspec

from pratique.partners.rules import words

_SUM = re.compile(
    r"(-?\d{1,9}(?:\.\d{1,6})?)\s*"
    r"(\+|-|−|\*|×|x|/|÷|plus|minus|times|multiplied by|divided by|加上?|减去?|減去?|乘以?|除以)"
    r"\s*(-?\d{1,9}(?:\.\d{1,6})?)",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(\d{1,3}(?:\.\d{1,3})?)\s*(?:%|percent)\s*of\s*(\d{1,9})"
    r"|(\d{1,9})\s*的\s*(?:百分之)?(\d{1,3}(?:\.\d{1,3})?)\s*%?",
    re.IGNORECASE,
)
_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    **dict.fromkeys(("+", "plus", "加", "加上"), operator.add),
    **dict.fromkeys(("-", "−", "minus", "减", "减去", "減", "減去"), operator.sub),
    **dict.fromkeys(("*", "×", "x", "times", "multiplied by", "乘", "乘以"), operator.mul),
    **dict.fromkeys(("/", "÷", "divided by", "除以"), operator.truediv),
}


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One turn; what else stands in it is no matter here."""

    role: Literal["system", "user", "assistant", "tool"]
    """Who speaks."""
    content: str = ""
    """What is said."""


class AssistantInput(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation; tools and forms are none that rules can give."""

    messages: tuple[Message, ...]
    """Turns, oldest first."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What the assistant says."""

    text: str
    """The words."""


def assistant(given: AssistantInput, locale: str) -> Said:
    """Return what rules say to the last thing that the user said; nothing is invented."""
    asked = next((one.content for one in reversed(given.messages) if one.role == "user"), "")
    says = words.phrases(locale, "assistant.toml")
    low = asked.casefold()
    for unless in says["unless"]:
        low = low.replace(unless, " ")
    if any(one in low for one in says["despair"]):
        return Said(text=says["comfort"][0])
    if any(one in low for one in says["harmful"]):
        return Said(text=says["refusal"][0])
    found = _reckoned(asked)
    if found is not None:
        return Said(text=f"{found:.10g}")
    if low.strip(" !.！。,，") in says["greetings"]:
        return Said(text=says["greeting"][0])
    return Said(text=says["otherwise"][0])


def _reckoned(asked: str) -> float | None:
    share = _SHARE.search(asked)
    if share:
        part, whole = (share[1], share[2]) if share[1] else (share[4], share[3])
        return float(part) * float(whole) / 100
    found = _SUM.search(asked)
    if not found:
        return None
    try:
        return _OPERATIONS[found[2].casefold()](float(found[1]), float(found[3]))
    except ZeroDivisionError:
        return None
