"""Two English questions in one message, turned into replies that answer both."""

import re

from pratique.partners.rules.choices import turned

_SPLIT = re.compile(
    r"[?？]+\s*|[.!\n]\s*|,?\s(?:and|also|plus)\s(?=(?:is|are|do|does|did|can|could|will|would|should|shall|have|"
    r"what|whats|what's|when|where|who|which|how)\b)",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"^(?:(?:so|and|also|hey|hi|ok|okay|btw|oh|well|then|plus|anyway|bro|hello)[,\s]+)+",
    re.IGNORECASE,
)
_TO_WHOM = re.compile(r"^[^:]{1,20}:\s+|\s(?:lol|haha|pls|please|thx|thanks|x)$", re.IGNORECASE)
_YES_NO = tuple(
    (re.compile(pattern, re.IGNORECASE), yes, no)
    for pattern, yes, no in (
        (r"^(?:are|r) (?:you|u) (.+)", "I'm {0}", "I'm not {0}"),
        (r"^(?:you|u) (coming|joining|going|driving)(.*)", "I'm {0}{1}", "I'm not {0}{1}"),
        (r"^(?:do (?:you|u) )?(?:want to|wanna) (.+)", "I'd love to {0}", "I can't {0}"),
        (r"^would (?:you|u) like to (.+)", "I'd love to {0}", "I can't {0}"),
        (r"^do (?:you|u) (?!mind|know|think|remember)(.+)", "I {0}", "I don't {0}"),
        (r"^do we (.+)", "we {0}", "we don't {0}"),
        (r"^will (?:you|u) (.+)", "I'll {0}", "I won't {0}"),
        (
            r"^(?:can|could|would) (?:you|u) (?:please )?(?!mind|believe|like)(.+)",
            "I can {0}",
            "I can't {0}",
        ),
        (r"^did (?:you|u) (.+)", "I did {0}", "I didn't {0}"),
        (r"^have (?:you|u) (.+)", "I have {0}", "I haven't {0}"),
        (r"^(?:should|shall) (?:i|we) (.+)", "please {0}", "please don't {0}"),
        (r"^(?:can|could|may) i (.+)", "you can {0}", "you can't {0}"),
    )
)
_OPEN = tuple(
    (re.compile(pattern, re.IGNORECASE), promise)
    for pattern, promise in (
        (r"^(?:(?:at )?what time|when)\b", "I'll let you know the time"),
        (r"^where(?: is|'s|s)? (?:it|we|the)\b", "I'll send you the place"),
        (r"^how many (\w+)", "I'll tell you how many {0}"),
        (r"^(?:what's|whats|what is) (?:the|your|ur) ([\w'-]+(?: [\w'-]+)?)$", "I'll send the {0}"),
        (r"^who\b", "I'll tell you who"),
        (
            r"^(?:is|are|was|does|did|has|which|what|how)\b.*\b(?:the|your|a) ([a-z'-]+)",
            "I'll check about the {0}",
        ),
    )
)
_GREETS = re.compile(r"^how(?:'s it going| are you| are things| r u| have you been)", re.IGNORECASE)
_LEAST, _LONGEST = 2, 12
"""Words of a question that counts, and of a reply."""


def replies(message: str) -> tuple[str, str, str] | None:
    """Return replies to the last two questions of *message*, if there are two that allow it."""
    asked = [_TO_WHOM.sub("", _FILLER.sub("", part.strip(" ,"))) for part in _SPLIT.split(message)]
    known = [(part, _answers(part)) for part in asked if len(part.split()) >= _LEAST]
    if len(known) < 2:
        return None
    (one, first), (_, second) = known[-2:]
    if second is None:
        return None
    if _GREETS.match(one):
        no = _sentence(f"I'm good! Sorry, {second[1] or 'not sure yet'}")
        both = _sentence("I'm good, thanks! " + _capital(second[0]))
        return _checked(both, no, "Doing well, and you? Let me check and tell you.")
    if first is None:
        return None
    yes = "yes, " if second[2] and not first[2] else ""
    said = _sentence(f"{_said(first)}, and {yes}{second[0]}")
    main, other = (first, second) if first[2] else (second, first)
    no = _sentence(f"No, sorry, {main[1]}" if main[2] else "Sorry, I don't know yet")
    if len(said.split()) <= _LONGEST:
        return _checked(said, no, "Let me check and tell you both.")
    return _checked(_sentence(_said(main)), no, _sentence(other[0]))


def _said(answer: tuple[str, str, bool]) -> str:
    return f"Yes, {answer[0]}" if answer[2] else _capital(answer[0])


def _answers(question: str) -> tuple[str, str, bool] | None:
    """Return what says yes and no to *question*, and whether it can be answered so."""
    for pattern, yes, no in _YES_NO:
        found = pattern.match(question)
        if found is not None:
            parts = [turned(part) if at == 0 else part for at, part in enumerate(found.groups())]
            return yes.format(*parts), no.format(*parts), True
    for pattern, promise in _OPEN:
        found = pattern.match(question)
        if found is not None:
            return promise.format(*found.groups()), "", False
    return None


def _checked(*three: str) -> tuple[str, str, str] | None:
    first, second, third = three
    if len(set(three)) < 3 or any(len(each.split()) > _LONGEST for each in three):
        return None
    return first, second, third


def _capital(phrase: str) -> str:
    return phrase[0].upper() + phrase[1:]


def _sentence(phrase: str) -> str:
    return _capital(phrase).rstrip(" .,;:") + "."
