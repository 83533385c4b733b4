"""Summaries of mail threads: the latest mail first, in its own words; a thief's as a claim."""

import re
from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.clauses import shortened
from pratique.partners.rules.letters import read, rules_of, told
from pratique.partners.rules.mail_bodies import address, said, sender, subject
from pratique.partners.rules.phishing import wanted
from pratique.partners.rules.records_text import Mail, MailInput, MailSummary
from pratique.partners.rules.sentences import content
from pratique.text.lengths import length, sentences

_TOPLINE = {"en": 18, "zh-Hans": 36}
_SYNOPSIS = {"en": 60, "zh-Hans": 100}
"""Words (English) or characters (Chinese) that each may have."""

_MAILS = 3
"""Mails of a thread that are told of."""

_LONG = 600
"""Letters of a sentence that are weighed when it is shortened."""

_ENDS = re.compile(r"[.!?。！？]*[!?。！？][.!?。！？]*|\.+(?!\w)")
_STOPS = re.compile(r"(?<=\w)[.](?=\s)|[。！？!?]+|\n+")


def mail_summary(given: MailInput, locale: str) -> MailSummary:
    """Return a line and at most three sentences of what *given*'s thread comes to.

    A mail that is after a secret is not retold: what it asks for is told as a claim.
    """
    mails = [_read(mail, locale) for mail in given.messages]
    rules = rules_of(locale)
    things = wanted(mails[-1], rules)
    topline, synopsis = _claim(mails[-1], things, rules) if things else _told(mails, rules)
    sources = [text for mail in given.messages for text in (mail.body, mail.subject, mail.sender)]
    return MailSummary(
        topline=told(topline, sources, locale), synopsis=told(synopsis, sources, locale)
    )


def _read(mail: Mail, locale: str) -> Mail:
    """Return *mail* as the rules read it."""
    return Mail(
        sender=read(mail.sender, locale),
        ts=mail.ts,
        subject=read(mail.subject, locale),
        body=read(mail.body, locale),
    )


def _claim(mail: Mail, things: list[str], locale: str) -> tuple[str, str]:
    """Return that *mail* asks for *things*, and what it claims."""
    where = address(mail)
    head = _flat(_shortened(subject(mail, locale), 8 if locale == "en" else 14, locale))
    if locale == "en":
        asked = " and ".join(things[:2])
        topline = f"Suspicious: a mail asks for your {asked}"
        from_where = f" from {where}" if where and len(where) < 60 else ""
        claim = f" It claims “{head}”." if head else ""
        return topline, f"Suspicious mail{from_where}: it asks for your {', '.join(things)}.{claim}"
    asked = "和".join(things[:2])
    from_where = f"发件地址：{where}。" if where and len(where) < 40 else ""
    claim = f"来信称“{head}”。" if head else ""
    synopsis = f"可疑邮件：索要{'、'.join(things)}。{claim}{from_where}"
    return f"可疑邮件：索要{asked}", synopsis


def _told(mails: list[Mail], locale: str) -> tuple[str, str]:
    """Return the line and the sentences for mails that want nothing bad."""
    spoken = [(mail, said(mail, locale)) for mail in mails]
    spoken = [(mail, told_of) for mail, told_of in spoken if told_of]
    fallback = subject(mails[-1], locale) or sender(mails[-1]) or "…"
    if not spoken:
        line = _shortened(_flat(fallback), _TOPLINE[locale], locale) or "…"
        return line, _within(line, _SYNOPSIS[locale], locale)
    latest, last = spoken[-1]
    best = max(last, key=lambda each: (_weight(each, locale), -last.index(each)))
    head = subject(latest, locale)
    colon = ": " if locale == "en" else "："
    room = _TOPLINE[locale] - length(head, locale)
    topline = _shortened(_flat(best), max(room, _TOPLINE[locale] // 2), locale)
    if head and room > _TOPLINE[locale] // 3:
        topline = f"{_flat(head)}{colon}{topline}"
    topline = _within(topline or _flat(fallback), _TOPLINE[locale], locale)
    return topline, _synopsis(spoken, locale)


def _synopsis(spoken: list[tuple[Mail, list[str]]], locale: str) -> str:
    """Return what the mails say, one sentence for each mail, the latest with most room."""
    colon, glue, stop = (": ", "; ", ".") if locale == "en" else ("：", "；", "。")
    places = [len(spoken) - 1, 0, len(spoken) - 2][: min(_MAILS, len(spoken))]
    room = _SYNOPSIS[locale]
    parts: dict[int, str] = {}
    for left, place in zip(range(len(places), 0, -1), places, strict=True):
        mail, every = spoken[place]
        head = _shortened(_flat(sender(mail)), 6 if locale == "en" else 10, locale)
        share = room if left == 1 else room * 2 // 3
        kept = _kept(every, share - length(head, locale), locale)
        text = f"{head}{colon}{glue.join(kept)}" if head and kept else glue.join(kept)
        if text:
            parts[place] = text + stop
            room -= length(text, locale)
    blank = " " if locale == "en" else ""
    whole = blank.join(parts[place] for place in sorted(parts))
    return _within(whole, _SYNOPSIS[locale], locale) or "…"


def _kept(every: list[str], room: int, locale: str) -> list[str]:
    """Return the sentences that tell most within *room*, in order, none with an inner stop."""
    ranked = sorted(range(len(every)), key=lambda at: (-_weight(every[at], locale), at))
    kept: dict[int, str] = {}
    for at in ranked:
        text = _flat(every[at])
        size = length(text, locale)
        if size > room and not kept and room > 3:
            text = _flat(_shortened(text, room, locale))
            size = length(text, locale)
        if text and size <= room:
            kept[at] = text
            room -= size
    return [kept[at] for at in sorted(kept)]


def _weight(sentence: str, locale: str) -> float:
    """Return how much *sentence* decides, asks or dates."""
    held = content(sentence, locale)
    weight = 1.3 * min(len(held.facts), 5) + 0.1 * min(len(held.terms), 12)
    weight += 1.1 * min(len(_cues("duty", locale).findall(sentence)), 2)
    return weight + 1.2 * min(len(_cues("turns", locale).findall(sentence)), 2)


def _flat(text: str) -> str:
    """Return *text* as part of one sentence: its inner stops become commas."""
    closed = text.strip().rstrip(".。!！ ")
    asked = closed[-1:] in ("?", "？")
    flat = _STOPS.sub(lambda found: "，" if found[0][0] in "。！？" else ",", closed.rstrip("?？"))
    return flat.strip(" ,，") + ("?" if asked and closed.isascii() else "？" if asked else "")


def _shortened(text: str, most: int, locale: str) -> str:
    """Return *text* in at most *most* words or characters; of a very long one the beginning."""
    return shortened(text[:_LONG], most, locale)


def _within(text: str, most: int, locale: str) -> str:
    """Return *text* within *most* words or characters and three sentences."""
    text = " ".join(text.split())
    text = text.replace("?;", ";").replace("？；", "；").replace("?.", "?").replace("？。", "？")
    if len(sentences(text)) > _MAILS:
        text = _ENDS.sub("," if locale == "en" else "，", text).strip(" ,，")
        text = (text or "…") + ("." if locale == "en" else "。")
    return text if length(text, locale) <= most else _shortened(text, most, locale)


@cache
def _cues(name: str, locale: str) -> re.Pattern[str]:
    """Return a pattern of the words of the list *name*."""
    either = "|".join(map(re.escape, words.phrases(locale, "mails.toml")[name]))
    return re.compile(rf"\b(?:{either})\b" if locale == "en" else either, re.IGNORECASE)
