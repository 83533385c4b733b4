"""Whether a line keeps the status of what its source says: a warrant is no arrest, a plan no deed."""

from collections.abc import Iterable

import msgspec

from pratique.text.claim_amounts import amounts_changed
from pratique.text.claim_changes import changes, units_changed
from pratique.text.claim_items import SELF, items_merged
from pratique.text.claim_pairs import said_opposite
from pratique.text.claim_read import Mention, Read
from pratique.text.claim_roles import deeds, swapped, victim_blamed
from pratique.text.claim_scan import (
    comparable,
    folded,
    form_of,
    in_the_present,
    language_of,
    read,
    read_for,
)
from pratique.text.claim_sentences import Sentence, sentences, stands_whole
from pratique.text.claim_words import (
    AFFIRM,
    HARD,
    IRONY,
    MAYBE,
    NOT,
    OPEN,
    PAST,
    SOFT,
    THEFT,
    UNREAL,
    WILL,
    YET,
    Event,
    Vocabulary,
    vocabulary,
)

_CAUSES = (
    (IRONY, "ironic"),
    (UNREAL, "unreal"),
    (PAST, "past"),
    (NOT, "denied"),
    (MAYBE, "possible"),
    (WILL, "planned"),
)
_NAMED, _LOCAL_NOT = 1 << 20, 1 << 21
_INNER = _NAMED | _LOCAL_NOT | SOFT | HARD
_UNDECIDED = YET & ~NOT
_CHANGING = NOT | MAYBE | WILL | PAST | UNREAL
_DONE = frozenset(["has", "have", "been", "已", "了"])
"""Words by which a line says that a plan is carried out."""
_COPIED = 3
"""Least words of its own that a line must have to count as a copy."""
_SHORT = 3
"""A source of so few sentences speaks of one thing."""
_LONG = {True: 14, False: 26}
"""Words of an English, characters of a Chinese sentence above which it says several things."""


def false_claims(source: str, line: str) -> tuple[str, ...]:
    """Return the names of the ways in which *line* changes the status of what *source* says.

    Empty where it reads the source fairly; a sentence that the source has is always fair. Both may
    be English or Chinese in either script.
    """
    language = language_of(line)
    if stands_whole(line, source) or not comparable(source, language):
        return ()
    source, line = folded(source, language), folded(line, language)
    english = language == "en"
    told, lines = sentences(source, english=english), sentences(line, english=english)
    known = _repeated_whole(told, lines)
    if not told or not lines or (known and all(one.key() in known for one in lines)):
        return ()
    words = vocabulary(language)
    names = {name for one in told for name in one.names()} if english else ()
    claimed = [
        one
        for one in read(lines, language, names=names)
        if not known or one.sentence.key() not in known
    ]
    told_deeds = [deed for one in claimed for deed in deeds(one, words)]
    events = _compared(claimed, words)
    wanted = events.union([THEFT], words.directed if told_deeds else ())
    said = read_for(told, claimed, words, wanted)
    found = _Comparison(said, words, events, changes(source)).wrong(claimed)
    if sum(len(one.tokens) for one in claimed) <= 2 * _LONG[english]:
        found.append(amounts_changed(source.lower(), line.lower(), english=english))
    checks = {
        "unit_changed": units_changed(source, line),
        "opposite": said_opposite(said, claimed, words),
        "subject_swapped": swapped(said, told_deeds, words),
        "victim_blamed": victim_blamed(said, claimed),
        "items_merged": items_merged(said, claimed),
    }
    found += [name for name, wrong in checks.items() if wrong]
    return tuple(dict.fromkeys(name for name in found if name))


def _repeated_whole(told: list[Sentence], lines: list[Sentence]) -> set[str]:
    """Return the keys of those of *told* that may be among *lines*, told by their ends."""
    firsts = {one.first for one in lines}
    alike = [one for one in told if one.first in firsts]
    if not alike:
        return set()
    lasts = {one.last for one in lines}
    return {one.key() for one in alike if one.last in lasts}


def _compared(claimed: list[Read], words: Vocabulary) -> frozenset[str]:
    """Return the events of a source that those of *claimed* are compared with."""
    named = {name for one in claimed for each in one.mentions for name, _ in each.events}
    return frozenset().union(*[words.touching[name] for name in named])


def _cause_of(statuses: Iterable[int]) -> str:
    """Return the word for what *statuses* have in common, or else for what the first of them is."""
    known = [one & ~_INNER for one in statuses if one & ~_INNER]
    shared = -1
    for one in known:
        shared &= one
    return next(word for flag, word in _CAUSES if (shared or known[0]) & flag)


class _Said(msgspec.Struct, gc=False):
    """One time that the source speaks of an event."""

    status: int
    """Statuses that it gives it."""
    place: int
    """The sentence."""
    mention: Mention | None = None
    """How it does so."""


class _Comparison:
    """What a source says, ready to have lines compared with it."""

    def __init__(
        self,
        said: list[Read],
        words: Vocabulary,
        events: frozenset[str],
        changed: set[str],
    ) -> None:
        self.said, self.words = said, words
        self.events: dict[str, list[_Said]] = {name: [_Said(0, 0)] for name in changed}
        self.stems: dict[str, list[_Said]] = {}
        self.several = self.open = self.doubts = False
        self.chat = said[0].sentence.item < said[-1].sentence.item and any(
            not SELF.isdisjoint(one.tokens) for one in said
        )
        for place, one in enumerate(said):
            for mention in one.mentions:
                for name, strength in mention.events:
                    if name in events:
                        status = self._status(name, strength, mention, one)
                        self.events.setdefault(name, []).append(_Said(status, place, mention))
            for at, word in one.asked:
                status = one.status[at] & ~(AFFIRM | IRONY)
                self.stems.setdefault(word, []).append(_Said(status, place))

    def _status(self, name: str, strength: str, mention: Mention, one: Read) -> int:
        """Return the status that the source gives the event *name* by *mention*."""
        event = self.words.events[name]
        if event.sure:
            return 0
        status = mention.status & ~(AFFIRM if name == "praised" else AFFIRM | IRONY)
        if not event.staged:
            status &= ~UNREAL
        if event.soon:
            status &= ~WILL
        if strength == "noun" and not status:
            return _NAMED
        if mention.near & NOT and not status & (PAST | UNREAL) and not one.whole:
            return status | _LOCAL_NOT
        return WILL if mention.ahead and not status else status

    def wrong(self, claimed: list[Read]) -> list[str]:
        """Return what is wrong with *claimed*."""
        found: list[str] = []
        cues = 0
        for one in claimed:
            cues |= one.cues
        self.open, self.doubts = bool(cues & OPEN), bool(cues & MAYBE)
        self.several = sum(len(one.tokens) for one in claimed) > _LONG[claimed[0].english]
        for one in claimed:
            near = self._near(one)
            here = [each for mention in one.mentions for each in self._misread(mention, one, near)]
            found += here or self._repeats(one) or self._denied(one)
        return found

    def _repeats(self, one: Read) -> list[str]:
        """Return what *one* dropped of what it repeats; nothing in a line that doubts anything."""
        return [] if self.doubts else self._dropped(one) or self._copied(one)

    def _denied(self, one: Read) -> list[str]:
        """Return what is wrong with *one* where it denies what the source leaves open."""
        plainly = one.cues & HARD and not one.cues & (_UNDECIDED | SOFT | MAYBE | WILL | PAST)
        if not plainly or len(self.said) > _SHORT or self.chat:
            return []
        if any(strength == "strict" for each in one.mentions for _, strength in each.events):
            return []
        cues = 0
        for each in self.said:
            cues |= each.cues
            if any(name in self.words.firm for m in each.mentions for name, _ in m.events):
                return []
        return ["denied"] if cues & MAYBE and not cues & (HARD | SOFT | UNREAL) else []

    def _near(self, one: Read) -> set[int]:
        """Return the places of the sentences that speak of the same as *one*; all if none does."""
        found = {each.place for word in one.words.values() for each in self.stems.get(word, ())}
        return found or set(range(len(self.said)))

    def _dropped(self, one: Read) -> list[str]:
        """Return what *one* dropped: all that it repeats stood under a cue that it does not have.

        A `not` of its own may stand, if the source has that too: a rumour that something is not so.
        """
        denies = bool(one.cues & HARD) and len(self.said) <= _SHORT
        if denies and not self._denies_the_same(one):
            return []
        if one.cues & ~(AFFIRM | NOT | HARD) or (one.cues & ~AFFIRM and not denies) or self.chat:
            return []
        if one.whole or "to" in one.tokens:
            return []
        if any(strength == "strict" for each in one.mentions for _, strength in each.events):
            return []
        repeated = self._repeated(one)
        shared = -1
        for each in repeated:
            shared &= each
        least = 3 if len(self.said) > _SHORT else 1 if one.cues & AFFIRM else 2
        if len(repeated) < least or not shared or (shared == WILL and _DONE.isdisjoint(one.tokens)):
            return []
        if denies and (shared & NOT or not shared & MAYBE):
            return []
        if one.cues & OPEN and not shared & (WILL | UNREAL | PAST):
            return []
        return [next((f"{word}_dropped" for flag, word in _CAUSES if shared & flag), "dropped")]

    def _copied(self, one: Read) -> list[str]:
        """Return what *one* dropped where it copies most of one sentence, but not its cue."""
        own = list(dict.fromkeys(one.words.values()))
        if len(own) < _COPIED or one.cues & (_CHANGING & ~WILL | SOFT) or one.whole & ~WILL:
            return []
        if self.chat or any(how == "strict" for m in one.mentions for _, how in m.events):
            return []
        shared = -1
        for each in self.said:
            status = _status_of_copy(own, each)
            if status is None:
                continue
            shared &= status
        ahead = one.cues & WILL or "to" in one.tokens
        if one.cues & OPEN and not shared & (WILL | UNREAL | PAST):
            return []
        if shared in (-1, WILL) or not shared & (
            _CHANGING & ~(WILL | PAST) if ahead else _CHANGING
        ):
            return []
        return [next(f"{word}_dropped" for flag, word in _CAUSES if shared & flag)]

    def _denies_the_same(self, one: Read) -> bool:
        """Say whether the only `not` of the source stands in a rumour of what *one* speaks of."""
        denying = {place for place, each in enumerate(self.said) if each.cues & HARD}
        if not all(self.said[place].whole & MAYBE for place in denying):
            return False
        spoken = {each.place for word in one.words.values() for each in self.stems.get(word, ())}
        return len(denying) == 1 and spoken == denying

    def _repeated(self, one: Read) -> list[int]:
        """Return the statuses of the words that *one* repeats, but for those that it begins with.

        Nothing where one of the others is outright somewhere in the source.
        """
        found: list[int] = []
        for at, word in one.words.items():
            said = self.stems.get(word)
            if said is None or one.sentence.named(at):
                continue
            if any(not each.status for each in said):
                if found:
                    return []
                continue
            shared = -1
            for each in said:
                shared &= each.status
            found.append(shared)
        return found

    def _misread(self, mention: Mention, one: Read, near: set[int]) -> list[str]:
        """Return what is wrong with *mention*: nothing where one of its meanings is fair."""
        found = []
        for name, strength in mention.events:
            if strength == "hint":
                return []
            if strength == "loose" and name not in self.events and not self._opposed(name):
                continue
            if self.several and self.words.events[name].risk != "high":
                continue
            if not self.words.events[name].risk and not self._spoken(name):
                continue
            if strength == "noun" and not mention.status & AFFIRM:
                return []
            cause = self._cause(name, strength, mention, one, near)
            if not cause:
                return []
            found.append(cause)
        return found[:1]

    def _opposed(self, name: str) -> bool:
        return any(one in self.events for one in self.words.opposites[name])

    def _spoken(self, name: str) -> bool:
        both = self.words.supports[name] | self.words.opposites[name]
        return any(one in self.events for one in both)

    def _cause(self, name: str, strength: str, mention: Mention, one: Read, near: set[int]) -> str:
        if self.words.events[name].sure:
            return name if name not in self.events and self._excluded(name) else ""
        status = mention.status & ~AFFIRM
        said = [each for key in self.words.supports[name] for each in self.events.get(key, ())]
        if status & NOT:
            local = bool(mention.near & NOT) and strength != "loose"
            return self._denial(name, said, status, near) if local else ""
        if status & (MAYBE | PAST | UNREAL):
            return ""
        for key in self.words.opposites[name]:
            denied = (each for each in self.events.get(key, ()) if each.status & _LOCAL_NOT)
            said += [_Said(0, each.place) for each in denied]
        if not said:
            return self._new(name, strength, near, cued=bool(one.whole & MAYBE))
        said = self._of_the_same_form(said, mention, one, near)
        if any(not each.status for each in said):
            return ""
        if any(each.status == WILL for each in said) and (
            status & WILL or (in_the_present(mention, one) and one.sentence.dated)
        ):
            return ""
        if status & WILL and any(each.status & WILL and not each.status & NOT for each in said):
            return ""
        if not any(each.status & ~_INNER for each in said):
            return name if self._excluded(name) or self._only_named(name, strength, said) else ""
        return self._changed(name, said, one, near)

    def _of_the_same_form(
        self, said: list[_Said], mention: Mention, one: Read, near: set[int]
    ) -> list[_Said]:
        """Return those of *said* that stand near by in the form of *mention*, if they are in doubt."""
        form = form_of(mention, one)
        same = [
            each
            for each in said
            if each.place in near
            and form == (form_of(each.mention, self.said[each.place]) if each.mention else "")
        ]
        return same if same and all(each.status & (NOT | MAYBE) for each in same) else said

    def _only_named(self, name: str, strength: str, said: list[_Said]) -> bool:
        """Say whether *said* only names the event, where the sentence or the next is not certain."""
        if strength != "strict" or self.words.events[name].risk != "high" or self.open:
            return False
        if not all(each.status & _NAMED for each in said):
            return False
        cues = 0
        for each in said:
            for read_ in self.said[each.place : each.place + 2]:
                cues |= read_.cues
        return bool(cues & (MAYBE | WILL | UNREAL)) or cues & YET == YET

    def _changed(self, name: str, said: list[_Said], one: Read, near: set[int]) -> str:
        """Return what became of the statuses of *said*, none of which is outright."""
        close = [each for each in said if each.place in near and each.status & ~_INNER]
        if not close:
            if self.words.events[name].risk != "high" and len(self.said) > _SHORT:
                return ""
            close = said
        several = len(one.tokens) > _LONG[one.english]
        if several and any(each.status & one.cues & _CHANGING for each in close):
            return ""
        return f"{_cause_of(each.status for each in close)}_as_{name}"

    def _new(self, name: str, strength: str, near: set[int], *, cued: bool) -> str:
        """Return *name* where the source leaves it open, excludes it or falls short of it."""
        if self._excluded(name):
            return name
        event = self.words.events[name]
        if strength != "strict" or not event.risk or cued:
            return ""
        if event.risk != "high":
            return name if self._open(near) else ""
        settled = event.lack and not self._unsettled(near)
        return name if not settled or self._short(event) else ""

    def _unsettled(self, near: set[int]) -> bool:
        """Say whether the sentences of *near* speak of what is not certain."""
        cues = 0
        for at in near if len(self.said) > _SHORT else range(len(self.said)):
            cues |= self.said[at].cues
        return bool(cues & (MAYBE | WILL | UNREAL | PAST)) or cues & YET == YET or not cues & NOT

    def _short(self, event: Event) -> bool:
        """Say whether the source tells what falls short of *event*."""
        return any(not one.status for key in event.short for one in self.events.get(key, ()))

    def _excluded(self, name: str) -> bool:
        """Say whether the source claims outright what excludes the event *name*."""
        opposites = (e for key in self.words.opposites[name] for e in self.events.get(key, ()))
        return any(not each.status for each in opposites)

    def _open(self, near: set[int]) -> bool:
        """Say whether the source may leave open what the sentences of *near* speak of."""
        if len(self.said) <= _SHORT:
            return True
        return len(near) < len(self.said) and any(self.said[at].cues & MAYBE for at in near)

    def _denial(self, name: str, said: list[_Said], status: int, near: set[int]) -> str:
        if not said or any(each.status & NOT for each in said):
            return ""
        denies = any(self.said[at].cues & (HARD | SOFT) for at in near)
        if all(each.status for each in said):
            undecided = status & YET == YET or status & SOFT
            return "" if undecided or denies else f"not_{name}"
        close = any(not each.status and each.place in near for each in said)
        return f"not_{name}" if close and not denies else ""


def _status_of_copy(own: list[str], each: Read) -> int | None:
    """Return what the words of *own* behind its subject share in *each*, if most stand there."""
    statuses: dict[str, int] = {}
    for at, word in each.asked:
        statuses[word] = statuses.get(word, -1) & each.status[at]
    there = [statuses[word] for word in own if word in statuses]
    if 5 * len(there) < 4 * len(own):
        return None
    while there and not there[0] & _CHANGING:
        del there[0]
    if 2 * len(there) < len(own):
        return 0
    shared = -1
    for status in there:
        shared &= status
    return shared
