"""A sentence, read: the events that it speaks of, and the status of each."""

from collections.abc import Collection

import msgspec

from pratique.text import claim_grammar as grammar
from pratique.text.claim_forms import matched, own_words
from pratique.text.claim_places import CLAUSE, Entry, Forms, Places
from pratique.text.claim_sentences import Sentence
from pratique.text.claim_words import (
    AFFIRM,
    HARD,
    MAYBE,
    NOT,
    OPEN,
    PAST,
    SOFT,
    UNREAL,
    WILL,
    Vocabulary,
)

_MATTER = ("案", "罪", "嫌", "调查", "指控", "一事", "传闻", "传言")
"""What makes of a deed in Chinese the name of a matter."""

_SOON = {True: 8, False: 10}
"""Before which word a sentence must say what it says of the one before."""
NEAR = 2
"""How many words before a verb tell how it is meant."""
_TAKEN = tuple(b"\1" * length for length in range(64))
_MOST_CLAUSES = 1
"""How many clauses on either side a cue of the sentence reaches; a doubt reaches one more."""


class Mention(msgspec.Struct, gc=False):
    """One place where a sentence speaks of an event."""

    events: tuple[tuple[str, str], ...]
    """Events that the form may mean, each with the strength of the form."""
    start: int
    """First word."""
    end: int
    """Word after the last."""
    status: int
    """Statuses that the text gives it; 0 is claimed outright."""
    near: int
    """Those of them that come from before it in its clause."""
    entry: Entry | None
    """What the form means; None if it only hints at the events."""
    ahead: bool
    """Whether it is told of a day to come: in a full sentence, beside a date."""


class Read(msgspec.Struct, gc=False):
    """A sentence and what it claims, read at once or when it is first asked what it gives."""

    sentence: Sentence
    """The sentence."""
    vocabulary: Vocabulary
    """The words of its language."""
    places: Places | None
    """Where forms may stand in it, as long as it is not read."""
    status: list[int] = []
    """Statuses that each word stands under."""
    taken: bytearray = bytearray()
    """For each word whether a form has taken it."""
    text: int = 0
    """Statuses that it gives to the whole text."""
    mentions: list[Mention] = []
    """Events that it speaks of."""
    asked: list[tuple[int, str]] = []
    """Those of its words that a line has too, by place."""
    whole_read: int = 0
    """Statuses that reach beyond a clause, when it is read."""
    cues_read: int = 0
    """All statuses that any word of it gives, when it is read."""
    own: dict[int, str] | None = None
    """Its words, when it was asked for them."""

    def _read(self, places: Places) -> None:
        Reader(self, places, None, (), self.vocabulary.firm).read()

    @property
    def cues(self) -> int:
        """All statuses that any word of it gives."""
        if self.places is not None:
            self._read(self.places)
        return self.cues_read

    @property
    def whole(self) -> int:
        """Statuses that reach beyond a clause."""
        if self.places is not None:
            self._read(self.places)
        return self.whole_read

    @property
    def words(self) -> dict[int, str]:
        """The words of their own that it has, by place: stems in English, pairs of characters."""
        if self.own is None:
            if self.places is not None:
                self._read(self.places)
            self.own = own_words(self.sentence, self.taken, self.vocabulary.plain)
        return self.own

    @property
    def tokens(self) -> list[str]:
        """Its words in lower case; in Chinese its characters."""
        return self.sentence.words

    @property
    def english(self) -> bool:
        """Whether its words are English."""
        return self.sentence.english


class Reader:
    """Reads one sentence, from left to right."""

    def __init__(
        self,
        one: Read,
        places: Places,
        before: Read | None,
        names: Collection[str],
        only: frozenset[str] | None,
    ) -> None:
        sentence, size = one.sentence, len(one.sentence.words)
        one.places, one.status, one.taken, one.mentions = None, [0] * size, bytearray(size), []
        self.past = PAST if sentence.english and sentence.long_ago else 0
        one.whole_read = one.cues_read = self.past
        self.one, self.places, self.before = one, places, before
        self.sentence, self.tokens = sentence, sentence.words
        self.words, self.english = one.vocabulary, sentence.english
        self.names, self.only = names, only
        self.right, self.asked = 0, 0
        self.near, self.near_end, self.modal = 0, 0, -1
        self.clauses = [0]
        self.first = 0
        self.wide: dict[int, int] = {}
        self.back: dict[tuple[int, int], int] = {}
        self.previous = 0

    def read(self) -> None:
        """Read the sentence."""
        one, size, reached = self.one, len(self.tokens), 0
        for at, forms in self.places:
            if at < reached:
                continue
            status = self.right | self.asked
            if status or reached < self.near_end:
                self._pass(reached, at, status)
            if at < self.near_end:
                status |= self.near
            if forms.bare:
                reached = at + forms.bare
                one.taken[at:reached] = _TAKEN[forms.bare]
                if status:
                    one.status[at:reached] = [status] * forms.bare
                continue
            if self.tokens[at] in CLAUSE:
                self.right, self.asked, self.first = 0, 0, at + 1
                self.clauses.append(at + 1)
            reached = self._step(at, forms, status)
        self._pass(reached, size, self.right | self.asked)
        self.clauses.append(size)
        if self.wide or self.back:
            self._reach_out()
        if self.sentence.asks or self.past:
            told = self.past | (MAYBE if self.sentence.asks else 0)
            one.cues_read |= told
            # A question asks with its last clauses; what it says before that is told.
            first = 0 if self.past else self.clauses[max(0, len(self.clauses) - 3)]
            _give(one, [told if at >= first else 0 for at in range(size)])
        if self.previous and self.before and self.before.sentence.item == self.sentence.item:
            self.before.cues_read |= self.previous
            _give(self.before, [self.previous] * len(self.before.tokens))

    def _pass(self, start: int, end: int, status: int) -> None:
        """Give the words from *start* to *end*, at which nothing begins, their statuses."""
        if status:
            self.one.status[start:end] = [status] * (end - start)
        if start < self.near_end:
            for at in range(start, min(end, self.near_end)):
                self.one.status[at] = status | self.near

    def _reach_out(self) -> None:
        """Give the words and events what cues behind them and in the clauses beside them say."""
        wide = []
        for clause, status in self.wide.items():
            reach = _MOST_CLAUSES + bool(status & MAYBE)
            behind = 0 if status == WILL else reach
            start = self.clauses[max(0, clause - behind)]
            end = self.clauses[min(len(self.clauses) - 1, clause + 1 + reach)]
            wide.append((start, end, status))
        every = wide + [(start, end, status) for (start, status), end in self.back.items()]
        statuses, mentions, events = self.one.status, self.one.mentions, self.words.events
        firm = {m.start: statuses[m.start] for m in mentions for n, _ in m.events if events[n].firm}
        for start, end, status in every:
            statuses[start:end] = [one | status for one in statuses[start:end]]
        for at, status in firm.items():
            statuses[at] = status | _firmly(at, wide)
        for one in mentions:
            at = one.start
            _tell(one, _firmly(at, wide) if at in firm else _given(at, every))

    def _step(self, at: int, forms: Forms, status: int) -> int:
        """Read what stands at *at*, which may be one of *forms*; return the place behind it.

        What stands there stands under *status*.
        """
        entry, length = self._entry(at, forms) if forms.ways else (None, 1)
        if self.english and (entry is None or self._a_name(at, entry, length)):
            self.one.status[at] = status
            self._plain(at, self.tokens[at])
            return at + 1
        if entry is None:
            self.one.status[at] = status
            return at + 1
        end = at + length
        self.one.taken[at:end] = _TAKEN[length]
        if status:
            self.one.status[at:end] = [status] * length
        if entry.bare:
            return end
        if entry.cut:
            self.right, self.asked, self.first = 0, 0, at
            self.one.status[at] = 0
        if entry.events:
            self._mention(entry, at, end)
        if entry.cue:
            self._cue(entry, at, end)
        return end

    def _a_name(self, at: int, entry: Entry, length: int) -> bool:
        """Say whether the word at *at* is no form but a name, or stands behind one as a noun."""
        if length > 1 or not entry.events:
            return False
        if self.sentence.named(at) and self.sentence.proper(at) and not entry.right & AFFIRM:
            return True
        return at == 0 and self.tokens[at] in self.names

    def _plain(self, at: int, word: str) -> None:
        if word == "to" and self._infinitive(at):
            self.near, self.near_end = WILL, at + 3
        elif word.endswith("n't"):
            self.right |= NOT | HARD
            self.one.cues_read |= NOT | HARD
            self.one.taken[at] = 1
        elif word.endswith(("'d", "'ll")):
            self.right |= MAYBE if word.endswith("'d") else WILL
            self.one.cues_read |= self.right

    def _infinitive(self, at: int) -> bool:
        """Say whether the `to` at *at* may stand before a verb that is still to come."""
        if (at and self.tokens[at - 1] in grammar.HAVE) or at + 1 >= len(self.tokens):
            return False
        after = self.tokens[at + 1]
        return not (after[0].isdigit() or after in grammar.ARTICLES)

    def _mention(self, entry: Entry, at: int, end: int) -> None:
        if self.only is not None and self.only.isdisjoint(entry.names):
            self.near_end = self.near_end if self.english else 0
            return
        status = self.right if entry.firm else self.right | self.asked
        if self.english:
            events, ahead = self._meant(entry, at, end), self._ahead(entry, at)
            if at < self.near_end and entry.tag == "base":
                status |= self.near
        else:
            events, ahead = entry.events, False
            if self.sentence.text.startswith(_MATTER, end):
                events = tuple((name, "noun") for name, _ in events)
            if at < self.near_end and not self._suffers(at):
                status |= self.near
            self.near_end = 0
        status &= ~OPEN
        self.one.mentions.append(Mention(events, at, end, status, status, entry, ahead))

    def _suffers(self, at: int) -> bool:
        """Say whether the Chinese verb at *at* is passive."""
        return not grammar.SUFFERED.isdisjoint(self.tokens[max(0, at - NEAR) : at + 1])

    def _ahead(self, entry: Entry, at: int) -> bool:
        """Say whether the English verb at *at* is told of a day to come, in a full sentence."""
        return (
            entry.tag in ("base", "s")
            and (at == 0 or self.tokens[at - 1] not in grammar.FINITE)
            and self.sentence.told
            and self.sentence.dated
        )

    def _meant(self, entry: Entry, at: int, end: int) -> tuple[tuple[str, str], ...]:
        """Return the events of an English *entry*, told as nouns where the form is one here."""
        events: tuple[tuple[str, str], ...] = entry.events
        before = self.tokens[max(0, at - NEAR) : at]
        named = entry.tag == "base" and end == at + 1 and before[-1:] and before[-1] in grammar.A
        named = named and all(self.words.events[name].risk == "low" for name, _ in events)
        if named or (entry.tag == "ing" and grammar.BE.isdisjoint(before)):
            return tuple((name, "noun") for name, _ in events)
        if not any(strength == "either" for _, strength in events):
            return events
        either = "strict" if self._verbal(at, end) else "noun"
        return tuple((name, either if how == "either" else how) for name, how in events)

    def _verbal(self, at: int, end: int) -> bool:
        """Say whether what may be a noun or a verb is a verb: it has an object, and no article."""
        if (at and self.tokens[at - 1] in grammar.ARTICLES) or end >= len(self.tokens):
            return False
        after = self.tokens[end]
        return (
            after in grammar.ARTICLES
            or self.sentence.written[end][0].isupper()
            or after[0].isdigit()
        )

    def _cue(self, entry: Entry, at: int, end: int) -> None:
        one, right = self.one, entry.right
        if entry.hints and not entry.hinting:
            self._hint(entry, at)
        if right:
            if right & AFFIRM and at != self.modal:
                self.right, self.asked = self.right & ~MAYBE, 0
                one.cues_read &= ~MAYBE
            if right & (MAYBE | NOT | WILL) and self.tokens[at] in grammar.MODALS:
                self.modal = end
            if entry.asked:
                self.asked |= right
            else:
                self.right |= right
        one.cues_read |= entry.given
        if entry.next:
            self.near, self.near_end = entry.next, end + 2
        wide = entry.sentence & ~OPEN
        if wide and not (wide & UNREAL and self.right & NOT):
            clause = len(self.clauses) - 1
            self.wide[clause] = self.wide.get(clause, 0) | wide
            one.whole_read |= wide
        if entry.back:
            self.back[self.first, entry.back] = at
        if entry.previous and at < _SOON[self.english]:
            self.previous |= entry.previous
        one.text |= entry.text

    def _hint(self, entry: Entry, at: int) -> None:
        if self.only is not None and self.only.isdisjoint(entry.names):
            return
        status = self.right & ~OPEN
        self.one.mentions.append(Mention(entry.hints, at, at, status, status, None, False))

    def _entry(self, at: int, forms: Forms) -> tuple[Entry | None, int]:
        """Return the longest of *forms* that stands at *at*, and its length."""
        for size, rest, entry in forms.ways:
            if size:
                return entry, size
            length = 1 + matched(self.sentence, at + 1, rest) if rest else 1
            if not length or (entry.first and at != self.first):
                continue
            if entry.hinting:
                self._hint(entry, at)
                if not (entry.back or entry.previous or entry.text or entry.skip):
                    continue
            return entry, length
        return None, 1


def _given(at: int, spans: list[tuple[int, int, int]]) -> int:
    """Return the statuses of those of *spans* that reach over *at*."""
    given = 0
    for start, end, status in spans:
        if start <= at < end:
            given |= status
    return given


def _firmly(at: int, spans: list[tuple[int, int, int]]) -> int:
    """Return the same for an answer, which what refuses it does not deny."""
    given = _given(at, spans)
    return given & ~(NOT | HARD) if given & SOFT else given


def _tell(mention: Mention, status: int) -> None:
    """Add *status* to *mention*; what is only hinted at is not denied by what stands around it."""
    mention.status |= status & ~(NOT | HARD) if mention.start == mention.end else status


def _give(read: Read, statuses: list[int]) -> None:
    """Add to each word and event of *read* the status of its place."""
    for mention in read.mentions:
        _tell(mention, statuses[mention.start])
    read.status = [one | other for one, other in zip(read.status, statuses, strict=True)]
