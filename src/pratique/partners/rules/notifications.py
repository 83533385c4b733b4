"""Notification summaries: one line for a stack, above all for its last three."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pratique.partners.rules import words
from pratique.partners.rules.clauses import fits, shortened, spans
from pratique.partners.rules.planted import ordered
from pratique.partners.rules.records import Line, Notification, StackInput
from pratique.partners.rules.sensitive import sensitive
from pratique.partners.rules.sentences import content, count, has

MOST = {"en": 10, "zh-Hans": 20}
"""Words (English) or characters (Chinese) of a line."""

_LAST = 3
_READ = 2_000
_LATER = 1.8
"""What each later notification weighs more than the one before it."""

_IDLE = -3.0
"""Weight up to which an entry says nothing that is worth a place beside another."""

_SPEAKER = re.compile(r"^([^\s:：][^:：\n]{0,20}?)[:：]\s?(?=\S)(?!//)")
_CHATS = ("messages", "social", "work", "mail")
_TITLED = ("calendar", "messages", "mail", "work", "health", "travel", "system", "games")
_LINKED = re.compile(r"[a-z0-9-]\.[a-z]{2,}(?:/|\b)")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One notification that the line may speak of."""

    item: Notification
    """The notification."""

    name: str
    """Who speaks, or what it is about; empty where that is only the application."""

    said: str
    """What it says."""

    weight: float
    """How much it matters."""


def line(source: StackInput, locale: str) -> Line:
    """Return the line for *source*; an empty one where the subject asks for silence.

    Two notifications are set side by side, never made one; where only one fits, the line is of
    the one that matters most among the last three.
    """
    everything = "\n".join(f"{item.title}\n{item.body}"[:_READ] for item in source.items)
    if source.app_category != "games" and sensitive(everything, locale) is not None:
        return Line(line="", covers=(), suppressed=True)
    entries = _entries(source, locale)
    if not entries:
        return Line(line="", covers=(), suppressed=True)
    bait = _baited(source, locale)
    if bait is not None:
        return Line(
            line=bait, covers=tuple(item.id for item in source.items[-_LAST:]), suppressed=False
        )
    return _told(entries, locale)


def _entries(source: StackInput, locale: str) -> list[_Entry]:
    """Return the last notifications that say something, oldest first."""
    said = [item for item in source.items if (item.title + item.body).strip()]
    plain = [item for item in said if not ordered(f"{item.title}\n{item.body}", locale)] or said
    last = plain[-_LAST:]
    found = []
    for place, item in enumerate(last):
        name, words_of = _parts(item, source.app_category)
        weight = _weight(words_of, locale) + _LATER * place
        found.append(_Entry(item, name, words_of, weight))
    return found


def _parts(item: Notification, category: str) -> tuple[str, str]:
    """Return who speaks in *item* and what is said."""
    title = _BLANKS.sub(" ", item.title[:200]).strip()
    body = _BLANKS.sub(" ", item.body[:_READ]).strip()
    if not body:
        return "", title
    speaker = _SPEAKER.match(body) if category in _CHATS else None
    if speaker is not None and body[speaker.end() :].strip():
        return speaker[1].strip(), body[speaker.end() :].strip()
    return (title if category in _TITLED else ""), body


def _weight(said: str, locale: str) -> float:
    """Return how much *said* tells."""
    bare = said.strip(" .!?。！？~～…").casefold()
    if bare in {each.casefold() for each in words.phrases(locale, "notifications.toml")["chatter"]}:
        return -6.0
    held = content(said[:400], locale)
    weight = 1.0 * min(len(held.facts), 4) + (0.25 if locale == "en" else 0.1) * min(
        len(held.terms), 10
    )
    weight += 0.8 * min(count(said, locale, "decided"), 2) + 0.8 * has(said, locale, "negation")
    if said.rstrip().endswith(("?", "？")):
        weight -= 1.5
    trivial = words.phrases(locale, "notifications.toml")["trivial"]
    weight -= 3.0 * any(cue in bare for cue in trivial)
    if not any(character.isalnum() for character in said):
        weight -= 3.0
    return weight


def _told(entries: Sequence[_Entry], locale: str) -> Line:
    """Return a line of the entry that matters most, with others beside it where they fit."""
    order = sorted(range(len(entries)), key=lambda at: (-entries[at].weight, -at))
    best = order[0]
    chosen = {best: _whole(entries[best], MOST[locale], locale)}
    beside = [at for at in order[1:] if entries[at].weight > _IDLE]
    for at in beside:
        if any(_replaces(entries[other], entries[at], locale) for other in chosen if other > at):
            continue
        short = {
            **{other: _brief(entries[other], locale) for other in chosen},
            at: _brief(entries[at], locale),
        }
        for tried in ({**chosen, at: _plain(entries[at], locale)}, short):
            if all(tried.values()) and fits(_joined(tried, entries, locale), MOST[locale], locale):
                chosen = tried
                break
    covers = tuple(entries[at].item.id for at in sorted(chosen))
    return Line(line=_joined(chosen, entries, locale), covers=covers, suppressed=False)


def _replaces(later: _Entry, earlier: _Entry, locale: str) -> bool:
    """Whether *later* corrects *earlier*: then what was corrected is not said again."""
    cues = words.phrases(locale, "notifications.toml")["updates"]
    said = later.said.casefold()
    return later.name == earlier.name and any(cue in said for cue in cues)


def _brief(entry: _Entry, locale: str) -> str:
    """Return what *entry* says before its first mark, if no fact, doubt or `not` is lost by that."""
    found = spans(entry.said, locale)
    end = found[0][1] if found else len(entry.said)
    asked = entry.said[end : end + 1] if entry.said[end : end + 1] in ("?", "？") else ""
    head = entry.said[:end].strip() + asked
    if not asked and any(mark in entry.said for mark in ("?", "？")):
        return ""
    for name in ("negation", "hedge"):
        if has(entry.said, locale, name) and not has(head, locale, name):
            return ""
    whole, kept = content(entry.said, locale), content(head, locale)
    if whole.facts - kept.facts or 2 * len(kept.terms) < len(whole.terms):
        return ""
    return _named(entry.name, locale) + head


def _joined(chosen: dict[int, str], entries: Sequence[_Entry], locale: str) -> str:
    """Return the chosen entries in their order; a name that all share is said once."""
    glue = "; " if locale == "en" else "；"
    places = sorted(chosen)
    name = entries[places[0]].name
    shared = len(places) > 1 and all(entries[at].name == name for at in places)
    if not shared:
        return glue.join(chosen[at] for at in places)
    named = _named(name, locale)
    return named + glue.join(chosen[at].removeprefix(named) for at in places)


def _named(name: str, locale: str) -> str:
    if not name:
        return ""
    return f"{name}: " if locale == "en" else f"{name}："


def _whole(entry: _Entry, most: int, locale: str) -> str:
    """Return *entry* within *most*, with its name where there is room for it."""
    name = entry.name
    if name and fits(name, most // 2, locale):
        room = most - _size(_named(name, locale), locale)
        if room >= most // 2:
            with_name = _named(name, locale) + shortened(entry.said, room, locale)
            bare = shortened(entry.said, most, locale)
            lost = len(content(bare, locale).facts) - len(content(with_name, locale).facts)
            if "…" not in with_name and lost < 2:
                return with_name
            if "…" in with_name and "…" in bare:
                return with_name
            return bare
    return shortened(entry.said, most, locale)


def _plain(entry: _Entry, locale: str) -> str:
    """Return *entry* as short as it can be said without losing a clause."""
    return _named(entry.name, locale) + shortened(entry.said, max(MOST[locale] - 3, 1), locale)


def _size(text: str, locale: str) -> int:
    size = 0
    while not fits(text, size, locale):
        size += 1
    return size


def _baited(source: StackInput, locale: str) -> str | None:
    """Return a line that names advertising for what it is, or None."""
    if source.app_category not in ("mail", "messages", "shopping", "social", "games"):
        return None
    last = source.items[-_LAST:]
    cues = words.phrases(locale, "notifications.toml")["bait"]
    texts = [f"{item.title} {item.body}".casefold() for item in last]
    hits = [sum(cue in text for cue in cues) for text in texts]
    loud = sum(
        ("!!" in text) + ("！！" in text) + (_LINKED.search(text) is not None) for text in texts
    )
    needed = 2 if source.app_category == "mail" else 3
    if not all(hits) or sum(hits) + loud < needed:
        return None
    title = _BLANKS.sub(" ", last[-1].title).strip()
    lines = words.phrases(locale, "notifications.toml")["promotion"]
    named = lines[0].format(title) if title and "{" not in title else ""
    return named if named and fits(named, MOST[locale], locale) else lines[1]
