"""Promises in a recording: who took on what, by when, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pratique.partners.rules.due import due
from pratique.partners.rules.talk import heard, says, what, without

_NEAR = 3
"""Turns after which something said no longer belongs to what was said before."""

_SHORT = {"en": 5, "zh-Hans": 8}
"""Words (English) or characters (Chinese) of a turn that only names a day or agrees."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn, as the rules read it."""

    who: str
    """Who spoke, as in the recording."""

    text: str
    """What was heard, in lower case and one line."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that somebody took on."""

    who: str
    """Who."""

    what: str
    """What."""

    due: date | None
    """By when."""

    at: int
    """Turn in which it was taken on."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """Something that was asked for and waits for a yes."""

    asker: str
    """Who asked."""

    what: str
    """What for."""

    due: date | None
    """By when."""

    at: int
    """Turn in which it was asked."""

    to: str = ""
    """Whom, where a name was called."""

    own: bool = False
    """Whether the asker offered to do it."""


@dataclass(slots=True)
class Outcome:
    """What has come of a recording so far."""

    locale: str
    """Whose rules read it."""

    today: date
    """Day of the recording."""

    promises: list[Promise] = field(default_factory=list)
    """What was taken on."""

    decisions: list[str] = field(default_factory=list)
    """What was decided."""

    wish: _Wish | None = None
    """What waits for a yes."""

    motion: str = ""
    """What waits for agreement of all."""


def outcome(turns: Sequence[Turn], today: date, locale: str) -> Outcome:
    """Return what was promised and decided in *turns*; what was said later counts."""
    found = Outcome(locale, today)
    for at, turn in enumerate(turns):
        if not says(turn.text, "machine", locale):
            _hear(found, turns, at, turn)
    return found


def _hear(found: Outcome, turns: Sequence[Turn], at: int, turn: Turn) -> None:
    """Take in one turn: the first that applies of taking back, answering, promising, asking."""
    locale = found.locale
    when = due(turn.text, found.today, locale)
    if found.wish is not None and at - found.wish.at > _NEAR:
        found.wish = None
    if says(turn.text, "cancel", locale):
        _taken_back(found, at)
        return
    _decided(found, turns, at, turn, when)
    if _done(found, turn, at):
        return
    if _redated(found, turn, at, when) or _answered(found, turns, at, turn, when):
        return
    if _promised(found, turns, at, turn, when):
        return
    _asked(found, turns, at, turn, when)


def _taken_back(found: Outcome, at: int) -> None:
    """Drop what waits for a yes, and the promise before turn *at*: it is not wanted any more."""
    found.wish = None
    if found.promises and at - found.promises[-1].at <= 2 * _NEAR:
        del found.promises[-1]


def _done(found: Outcome, turn: Turn, at: int) -> bool:
    """Whether *turn* says of what was promised just before that it is done already."""
    latest = found.promises[-1] if found.promises else None
    if latest is None or latest.who == turn.who or at - latest.at != 1:
        return False
    if not says(turn.text, "done", found.locale):
        return False
    del found.promises[-1]
    return True


def _redated(found: Outcome, turn: Turn, at: int, when: date | None) -> bool:
    """Give the latest promise the day that a short turn names."""
    if when is None or not _short(turn.text, found.locale) or not found.promises:
        return False
    latest = found.promises[-1]
    open_wish = found.wish is not None and found.wish.at > latest.at
    if at - latest.at > _NEAR or open_wish or says(turn.text, "comment", found.locale):
        return False
    if what(turn.text, "commit", found.locale) or what(turn.text, "bare_date", found.locale):
        return False
    found.promises[-1] = replace(latest, due=when)
    return True


def _answered(
    found: Outcome, turns: Sequence[Turn], at: int, turn: Turn, when: date | None
) -> bool:
    """Whether *turn* answers what waits for a yes; a yes makes it a promise."""
    wish, locale = found.wish, found.locale
    if wish is None:
        return False
    if turn.who == wish.asker:
        if when is not None and not _offers(turn.text, locale):
            found.wish = replace(wish, due=when, at=at)
            return True
        named = _named(turn.text, turns, turn.who)
        if named and _short(turn.text, locale):
            found.wish = replace(wish, to=named, at=at)
            return True
        return False
    if says(turn.text, "done", locale):
        found.wish = None
        return True
    if says(turn.text, "comment", locale) or (wish.to and wish.to != turn.who):
        return False
    if says(turn.text, "refuse", locale):
        if not _offers(turn.text, locale):
            found.wish = wish if not wish.own and not wish.to else None
            return not found.wish or when is None
        return False
    accepts = says(turn.text, "accept", locale)
    only_day = when is not None and _short(turn.text, locale)
    if not (accepts or only_day):
        return False
    if (
        what(turn.text, "commit", locale)
        and _offers(turn.text, locale)
        and not _vague(turn, locale)
    ):
        return False
    who = wish.asker if wish.own else turn.who
    found.promises.append(Promise(who, wish.what, when or wish.due, at))
    found.wish = None
    return True


def _promised(
    found: Outcome, turns: Sequence[Turn], at: int, turn: Turn, when: date | None
) -> bool:
    """Whether *turn* takes something on, or over from another."""
    locale = found.locale
    latest = found.promises[-1] if found.promises else None
    taken = what(turn.text, "commit", locale) if _offers(turn.text, locale) else None
    if taken is None and when is not None and not says(turn.text, "no_commit", locale):
        taken = what(turn.text, "dated", locale)
    if taken is None and at and when is not None:
        taken = what(turn.text, "bare_date", locale)
        same = latest is not None and latest.who == turn.who and at - latest.at <= _NEAR
        if taken and latest is not None and same and found.wish is None:
            found.promises[-1] = replace(latest, due=when)
            return True
    if taken is None:
        return False
    if (
        latest is not None
        and latest.who != turn.who
        and at - latest.at <= 2
        and _over(latest, taken, turn, locale)
    ):
        more = latest.what if _empty(taken, locale) or says(turn.text, "refuse", locale) else taken
        found.promises[-1] = Promise(turn.who, more, when or latest.due, at)
        return True
    wish = found.wish
    topic = wish.what if wish is not None and turn.who != wish.asker else _topic(turns, at, locale)
    full = taken if not _needs(taken, locale) or not topic else _with(taken, topic, locale)
    given = wish.due if wish is not None and turn.who != wish.asker else None
    found.promises.append(Promise(turn.who, full, when or given, at))
    found.wish = None
    return True


def _asked(found: Outcome, turns: Sequence[Turn], at: int, turn: Turn, when: date | None) -> None:
    """Note what *turn* asks for."""
    locale = found.locale
    for name in ("offer", "who", "request"):
        asked = what(turn.text, name, locale)
        if asked and _needs(asked, locale) and _promised_just_now(found, turn, at):
            return
        if asked:
            named = _named(turn.text, turns, turn.who)
            topic = _topic(turns, at, locale) if _needs(asked, locale) else ""
            full = _with(asked, topic, locale) if topic else asked
            if says(asked, "pronouns", locale) or (locale != "en" and name == "request"):
                full = turn.text if len(turn.text) > len(asked) + 4 else full
            found.wish = _Wish(turn.who, full, when, at, named, own=name == "offer")
            return


def _promised_just_now(found: Outcome, turn: Turn, at: int) -> bool:
    """Whether another has just taken on what *turn* may be asking for."""
    return bool(found.promises) and (
        at - found.promises[-1].at <= 1 and found.promises[-1].who != turn.who
    )


def _decided(found: Outcome, turns: Sequence[Turn], at: int, turn: Turn, when: date | None) -> None:
    """Note what *turn* decides."""
    locale, text = found.locale, turn.text
    motion = what(text, "agree_on", locale)
    if motion:
        found.motion = motion
        return
    before = turns[at - 1] if at else None
    if found.motion and says(text, "agree", locale) and not says(text, "refuse", locale):
        _decide(found, found.motion)
        found.motion = ""
        return
    if says(text, "undecided", locale):
        return
    if says(text, "decide", locale) and not _offers(text, locale):
        topic = _topic(turns, at, locale)
        _decide(found, _with(text, topic, locale) if topic and _needs(text, locale) else text)
    elif before is not None and before.who != turn.who and _haggled(turns, at, locale):
        _decide(found, _with(text, _subject(turns, at, locale), locale))
    elif (
        before is not None
        and when is not None
        and before.who != turn.who
        and says(before.text, "when", locale)
    ):
        topic = " ".join((_topic(turns, at - 1, locale), before.text))
        if says(topic, "moves", locale):
            _decide(found, _with(text, _topic(turns, at, locale), locale))


def _decide(found: Outcome, text: str) -> None:
    """Add a decision; one that repeats the words of the last one stands in its place."""
    before = found.decisions[-1] if found.decisions else ""
    shared = _terms(before, found.locale) & _terms(text, found.locale)
    if before and shared:
        found.decisions[-1] = text if len(text) >= len(before) else before
    elif text.strip():
        found.decisions.append(text.strip())


def _haggled(turns: Sequence[Turn], at: int, locale: str) -> bool:
    """Whether a turn says yes to the figure that another has just named, after other figures."""
    text, before = turns[at].text, turns[at - 1].text
    same = heard(text, "numbers", locale)
    if not same or not says(text, "accept", locale) or same != heard(before, "numbers", locale):
        return False
    if what(text, "commit", locale) or due(text, date(2024, 1, 1), locale) is not None:
        return False
    earlier = [heard(turn.text, "numbers", locale) for turn in turns[max(at - 5, 0) : at - 1]]
    return any(each and each != same for each in earlier)


def _offers(text: str, locale: str) -> bool:
    """Whether *text* offers to do something, with no if, no maybe and no figure of speech."""
    return what(text, "commit", locale) is not None and not says(text, "no_commit", locale)


def _over(latest: Promise, taken: str, turn: Turn, locale: str) -> bool:
    """Whether *taken* is what *latest* was."""
    if says(turn.text, "refuse", locale) and _needs(taken, locale):
        return True
    return (
        bool(_terms(latest.what, locale) & _terms(taken, locale))
        or (says(turn.text, "refuse", locale) and taken.startswith(("me ", "let me")))
        or (says(turn.text, "refuse", locale) and "let me" in turn.text)
    )


def _vague(turn: Turn, locale: str) -> bool:
    """Whether a turn's promise has no object of its own."""
    return _needs(what(turn.text, "commit", locale) or "", locale)


def _needs(text: str, locale: str) -> bool:
    """Whether *text* says nothing without what was said before it."""
    if says(text, "pronouns", locale) or _empty(text, locale):
        return True
    return len(text.split()) < 2 if locale == "en" else len(text) < 5


def _empty(text: str, locale: str) -> bool:
    """Whether *text* has no word of its own."""
    return says(without(text, "fillers", locale), "empty", locale)


def _with(text: str, topic: str, locale: str) -> str:
    """Return *text* with what it is about."""
    if not topic or topic in text:
        return text
    return f"{text} ({topic})" if locale == "en" else f"{text}（{topic}）"


def _topic(turns: Sequence[Turn], at: int, locale: str) -> str:
    """Return what the turns before *at* were about."""
    nearest = ""
    for turn in reversed(turns[max(at - 2 * _NEAR, 0) : at]):
        text = without(turn.text, "fillers", locale)
        if text and not _empty(text, locale) and not says(text, "when", locale):
            if not says(text, "pronouns", locale):
                return text
            nearest = nearest or text
    return nearest


def _subject(turns: Sequence[Turn], at: int, locale: str) -> str:
    """Return what figures before *at* were named for: the first turn of the row, as it stands."""
    for turn in reversed(turns[max(at - 2 * _NEAR, 0) : at]):
        if not heard(turn.text, "numbers", locale):
            return without(turn.text, "fillers", locale)
    return ""


def _named(text: str, turns: Sequence[Turn], speaker: str) -> str:
    """Return the other speaker whom *text* calls by name."""
    for turn in turns:
        if turn.who and turn.who != speaker and turn.who.casefold() in _words(text):
            return turn.who
    return ""


def _words(text: str) -> str | list[str]:
    """Return *text* as its words, or as it is where words are not parted."""
    return text.split() if text.isascii() else text


def _short(text: str, locale: str) -> bool:
    """Whether *text* has only a few words."""
    return (len(text.split()) if locale == "en" else len(text)) <= _SHORT[locale]


def _terms(text: str, locale: str) -> frozenset[str]:
    """Return what *text* speaks of, roughly: longer words, or characters."""
    bare = without(text, "fillers", locale)
    if locale == "en":
        return frozenset(word[:5] for word in bare.split() if len(word) > 3)
    return frozenset(bare) - frozenset("我你他她的了来去会就那吧好行给把到在")
