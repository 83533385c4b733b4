"""The words of claims: which event a form claims, and which words change its status."""

import re
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Literal

import msgspec

from pratique.settings.toml import read_toml
from pratique.text.claim_grammar import ASKED
from pratique.text.claim_places import ByCharacter, ByWord, Entry, Form, Strength, head
from pratique.text.standing import Standing

Language = Literal["en", "zh-Hans"]
Scope = Literal["right", "next", "sentence", "back", "previous", "text"]

FOLDER = Path(__file__).parent.parent / "content" / "claims"

NOT, YET, MAYBE, WILL, PAST, UNREAL, AFFIRM, IRONY, OPEN, SOFT, HARD = (1 << n for n in range(11))
STATUSES = {
    "not": NOT | HARD,
    "refused": NOT | SOFT,
    "yet": NOT | YET,
    "maybe": MAYBE,
    "will": WILL,
    "past": PAST,
    "unreal": UNREAL,
    "affirm": AFFIRM,
    "irony": IRONY,
    "open": OPEN,
    "lack": SOFT,
}


THEFT = "stole"
"""The event whose victim a line may blame."""


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that happens, or not."""

    id: str
    """Short name; it is printed as what the line wrongly claims."""
    staged: bool = False
    """Whether a drill or a story may stage it; other events are not touched by either."""
    firm: bool = False
    """Whether it answers a question: `application refused` is no less sure for the application."""
    sure: bool = False
    """Whether speaking of it takes it as given: the cause of a fire."""
    soon: bool = False
    """Whether it is the same now and later: who will be late is late."""
    risk: Literal["", "low", "high"] = ""
    """Whether a line may claim it where the source does not speak of it: never if `high`; only
    where nothing around is left open if `low`."""
    strict: tuple[str, ...] = ()
    """Forms that claim it."""
    loose: tuple[str, ...] = ()
    """Forms with other meanings too: they claim it where the source speaks of it."""
    nouns: tuple[str, ...] = ()
    """Forms that name it without claiming it."""
    hints: tuple[str, ...] = ()
    """Forms that claim it in a source only."""
    entails: tuple[str, ...] = ()
    """Events that are true where this one is."""
    against: tuple[str, ...] = ()
    """Events that are not true where this one is."""
    lack: bool = False
    """Whether a plain `not` may say it: `no concert` is a cancelled one."""
    short: tuple[str, ...] = ()
    """Events that fall short of it: a source that tells only one of them does not tell this one."""


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that change the status of events in their scope."""

    status: str
    """A key of `STATUSES`."""
    scope: Scope
    """How far they reach."""
    words: tuple[str, ...]
    """The forms."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of a language."""

    event: tuple[Event, ...]
    """Every event."""
    cue: tuple[Cue, ...]
    """Every cue."""
    cut: tuple[str, ...] = ()
    """Words behind which a new clause begins."""
    plain: tuple[str, ...] = ()
    """Words that say nothing of their own."""
    skip: tuple[str, ...] = ()
    """Forms that look like others and mean none of them."""
    directed: tuple[str, ...] = ()
    """Events that somebody does to somebody else."""
    verbs: tuple[tuple[str, ...], ...] = ()
    """Verbs of no event that somebody does to somebody else; those of a group mean the same."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Words that exclude each other of one subject, those of a side parted by spaces."""


class Vocabulary(msgspec.Struct, frozen=True):
    """A language's words, ready to be looked up."""

    events: dict[str, Event]
    """Events by id."""
    places: ByWord | ByCharacter
    """Where forms may stand in a sentence."""
    plain: frozenset[str]
    """Words that say nothing of their own."""
    directed: frozenset[str]
    """Events that somebody does to somebody else."""
    verbs: dict[str, str]
    """Further verbs with a direction, each with the name of its group."""
    pairs: dict[str, tuple[tuple[int, int], ...]]
    """For each word of a pair the numbers of its pairs, each with its side."""
    standing_pairs: Standing
    """Finds those words in Chinese."""
    standing_verbs: Standing
    """Finds the further verbs in Chinese."""
    opposites: dict[str, frozenset[str]]
    """For each event those that exclude it."""
    supports: dict[str, frozenset[str]]
    """For each event itself and those that entail it."""
    touching: dict[str, frozenset[str]]
    """For each event those two, and those that fall short of it: what tells whether it is so."""
    firm: frozenset[str]
    """Events that answer a question."""


_WORD = re.compile(r"'?[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[^\w\s]")
"""What a form is made of: words as sentences have them, and signs."""
_SHORT = re.compile(r"(?:qu|[^aeiou])*[aeiou][^aeiouwxy]")
"""A verb of one syllable that doubles its last letter: stop, quit."""


@cache
def vocabulary(language: Language) -> Vocabulary:
    """Return the words of *language*, read once."""
    words = read_toml(FOLDER / f"{language}.toml", Words)
    entries: dict[Form, Entry] = {}
    for event in words.event:
        _add_event(entries, event, language)
    for form, _ in chain.from_iterable(_forms(one, language) for one in words.skip):
        entries.setdefault(form, Entry()).skip = True
    for cue in words.cue:
        first = {tuple(one[1:]) for one in cue.words if one.startswith("^")}
        for form, _ in chain.from_iterable(_forms(one, language) for one in cue.words):
            entry = entries.setdefault(form, Entry())
            entry.first = entry.first or form in first
            setattr(entry, cue.scope, getattr(entry, cue.scope) | STATUSES[cue.status])
    for form, _ in chain.from_iterable(_forms(one, language) for one in words.cut):
        entries.setdefault(form, Entry()).cut = True
    events = {one.id: one for one in words.event}
    for form, one in entries.items():
        one.firm = any(events[name].firm for name, _ in one.events)
        one.names = frozenset(name for name, _ in (*one.events, *one.hints))
        one.given = one.right | one.next | one.sentence | one.back
        one.cue = bool(one.given or one.previous or one.text or one.hints)
        one.asked = bool(one.right) and head(form) in ASKED
        one.bare = not (one.events or one.cue or one.cut)
        one.hinting = bool(one.hints) and not (one.events or one.right or one.sentence)
    pairs = _sides(words.pairs)
    verbs = {
        " ".join(form) if language == "en" else "".join(form): group[0]
        for group in words.verbs
        for one in group
        for form, _ in _forms(one, language)
    }
    opposites = {
        name: frozenset(one.against) | {o.id for o in events.values() if name in o.against}
        for name, one in events.items()
    }
    supports = {
        name: frozenset({name, *(o.id for o in events.values() if name in o.entails)})
        for name in events
    }
    return Vocabulary(
        events=events,
        places=ByWord(entries) if language == "en" else ByCharacter(entries),
        plain=frozenset(words.plain),
        directed=frozenset(words.directed),
        verbs=verbs,
        pairs=pairs,
        standing_pairs=Standing(pairs),
        standing_verbs=Standing(verbs),
        opposites=opposites,
        supports=supports,
        touching={
            name: opposites[name].union(supports[name], one.short) for name, one in events.items()
        },
        firm=frozenset(name for name, one in events.items() if one.firm),
    )


def _sides(pairs: tuple[tuple[str, str], ...]) -> dict[str, tuple[tuple[int, int], ...]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for number, pair in enumerate(pairs):
        for side, written in enumerate(pair):
            for word in written.split():
                found.setdefault(word, []).append((number, side))
    return {word: tuple(sides) for word, sides in found.items()}


def _add_event(entries: dict[Form, Entry], event: Event, language: Language) -> None:
    groups: tuple[tuple[tuple[str, ...], Strength], ...] = (
        (event.nouns, "noun"),
        (event.strict, "strict"),
        (event.loose, "loose"),
    )
    for forms, strength in groups:
        for form, tag in chain.from_iterable(_forms(one, language) for one in forms):
            entry = entries.setdefault(form, Entry())
            known = dict(entry.events)
            if known.get(event.id) == "noun" and tag in ("base", "s"):
                known[event.id] = "either"
            entry.events = tuple({event.id: strength, **known}.items())
            entry.tag = entry.tag or tag
    for form, _ in chain.from_iterable(_forms(one, language) for one in event.hints):
        entry = entries.setdefault(form, Entry())
        if all(event.id != name for name, _ in entry.events):
            entry.hints = (*entry.hints, (event.id, "hint"))


def _forms(written: str, language: Language) -> list[tuple[Form, str]]:
    """Return the forms that *written* stands for, each with its tag.

    `~sell/sold` stands for each form of the verb, in Chinese every form for itself.
    """
    if language != "en":
        return [(tuple(written.removeprefix("^")), "")]
    if not written.startswith("~"):
        return [(tuple(_WORD.findall(written)), "")]
    verb, _, after = written[1:].partition(" ")
    rest = _WORD.findall(after)
    return [((form, *rest), tag) for form, tag in inflected(verb)]


def inflected(verb: str) -> list[tuple[str, str]]:
    """Return the forms of an English verb, written `walk`, `stop+` or `take/took/taken`."""
    base, *irregular = verb.rstrip("+").split("/")
    double = base[-1] if verb.endswith("+") or _SHORT.fullmatch(base) else ""
    mute = base.endswith("e") and not base.endswith(("ee", "ye", "oe"))
    stem = base[:-1] if mute else base + double
    past = irregular or [_regular_past(base, stem)]
    if base.endswith("ie"):
        stem = base[:-2] + "y"
    tagged = [(base, "base"), (_third(base), "s"), (stem + "ing", "ing")]
    return tagged + [(one, "ed") for one in past if one != base]


def _regular_past(base: str, stem: str) -> str:
    if re.search(r"[^aeiou]y$", base):
        return base[:-1] + "ied"
    return base + "d" if base.endswith("e") else stem + "ed"


def _third(base: str) -> str:
    if re.search(r"[^aeiou]y$", base):
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
