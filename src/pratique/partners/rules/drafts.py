"""Reply drafts: first what a mail asks, then a reply that says the answers and nothing else."""

import re
from collections.abc import Sequence

from pratique.partners.rules import words
from pratique.partners.rules.letters import read, rules_of, told
from pratique.partners.rules.questions import questions
from pratique.partners.rules.records import Message
from pratique.partners.rules.records_text import Answer, Draft, DraftInput, Question, Questions
from pratique.text.lengths import length

_LONGEST = {"en": 50, "zh-Hans": 80}
"""Words (English) or characters (Chinese) of a draft."""

_CHAT = {"en": 4, "zh-Hans": 8}
"""Words or characters up to which a message is chat: it gets no salutation."""

_STOPS = ".!?。！？…~～"


def reply_draft(given: DraftInput, locale: str) -> Questions | Draft:
    """Return the questions of *given*'s thread, or with answers the reply that they make."""
    rules = rules_of(locale)
    thread = tuple(
        Message(sender=read(each.sender, locale), text=read(each.text, locale))
        for each in given.thread
    )
    me, snippet = read(given.me, locale), read(given.snippet, locale)
    if given.answers:
        return Draft(draft=_draft(given, thread, locale))
    sources = [each.text for each in given.thread]
    return Questions(
        questions=tuple(
            Question(
                q=told(each.q, sources, locale),
                options=tuple(told(option, sources, locale) for option in each.options),
            )
            for each in questions(thread, me, snippet, rules)
        )
    )


def _draft(given: DraftInput, thread: Sequence[Message], locale: str) -> str:
    """Return the reply: what was begun, then each answer as it was given."""
    rules = rules_of(locale)
    said = [_sentence(each, len(given.answers), locale) for each in given.answers if each.a.strip()]
    glue = " " if rules == "en" else ""
    body = glue.join(said)
    begun = given.snippet.strip()
    if begun:
        body = f"{begun}{glue}{body}"
    greeting = "" if begun else _greeting(thread, read(given.me, locale), locale)
    name = given.me.strip() if greeting and rules == "en" else ""
    for parts in ((greeting, body, name), (greeting, body), (body,)):
        draft = "\n".join(part for part in parts if part)
        if length(draft, rules) <= _LONGEST[rules]:
            break
    return draft or begun or "…"


def _sentence(answer: Answer, many: int, locale: str) -> str:
    """Return *answer* as a sentence; a bare yes among several says what it answers."""
    said = " ".join(answer.a.split())
    bare = read(said, locale).casefold().strip(_STOPS + " ,，")
    asked = " ".join(answer.q.split()).strip("?？ ")
    rules = rules_of(locale)
    if many > 1 and bare in words.phrases(rules, "drafts.toml")["affirmatives"] and asked:
        colon = ": " if rules == "en" else "："
        said = f"{asked}{colon}{said[:1].lower()}{said[1:]}"
    said = said[:1].upper() + said[1:] if rules == "en" else said
    return said if said[-1:] in _STOPS else said + ("." if rules == "en" else "。")


def _greeting(thread: Sequence[Message], me: str, locale: str) -> str:
    """Return the salutation that the tone of *thread* wants, if any."""
    rules = rules_of(locale)
    last = next((each for each in reversed(thread) if each.sender != me), thread[-1])
    lists = words.phrases(rules, "drafts.toml")
    if length(last.text, rules) <= _CHAT[rules]:
        return ""
    lower = last.text.casefold()
    if rules == "en":
        formal = any(re.search(rf"\b{re.escape(each)}\b", lower) for each in lists["formal"])
    else:
        formal = any(each in lower for each in lists["formal"])
    forms = lists["formal_greeting"] if formal else lists["greeting"]
    name = re.sub(r"\s*<.*$", "", last.sender).strip()
    if not forms or ("{name}" in forms[0] and not name):
        return ""
    return forms[0].replace("{name}", name)
