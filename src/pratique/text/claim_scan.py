"""What a text claims: its sentences, with the events that they speak of and the status of each."""

import re
from collections.abc import Collection, Sequence

from pratique.text import claim_grammar as grammar
from pratique.text.claim_forms import stem, words_asked
from pratique.text.claim_places import Places
from pratique.text.claim_read import NEAR, Mention, Read, Reader
from pratique.text.claim_sentences import Sentence
from pratique.text.claim_words import Language, Vocabulary, vocabulary
from pratique.text.scripts import letter_by_letter

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


def language_of(text: str) -> Language:
    """Return the language whose words claim in *text*."""
    return "zh-Hans" if _HAN.search(text) else "en"


def comparable(source: str, language: Language) -> bool:
    """Say whether *source* is in *language* enough for a line in it to be compared."""
    if language != "en":
        return _HAN.search(source) is not None
    return 2 * len(_HAN.findall(source)) < len(source)


def folded(text: str, language: Language) -> str:
    """Return *text* in the characters that the words of *language* are written in."""
    return text if language == "en" else letter_by_letter(text, "zh-Hans")


def in_the_present(mention: Mention, one: Read) -> bool:
    """Say whether *one* tells the event of *mention* in the present tense: if dated, as to come."""
    if mention.entry is None:
        return False
    before = one.tokens[max(0, mention.start - NEAR) : mention.start]
    done = mention.entry.tag == "ed" if one.english else not grammar.DONE.isdisjoint(before)
    return not done and grammar.FINITE.isdisjoint(before[-1:])


def form_of(mention: Mention, one: Read) -> str:
    """Return how *one* calls the event of *mention*; empty where it only hints at it."""
    if mention.start == mention.end:
        return ""
    if one.english:
        return stem(one.tokens[mention.start])
    return one.sentence.text[mention.start : mention.end]


def read(
    told: Sequence[Sentence], language: Language, *, names: Collection[str] = ()
) -> list[Read]:
    """Return the sentences of *told*, cut from a text as `folded` gives it, each read for what it claims.

    A sentence that begins with one of *names* does not begin with a verb.
    """
    words = vocabulary(language)
    found = [Read(one, words, words.places.find(one)) for one in told]
    _read(found, names, None)
    return found


def read_for(
    told: Sequence[Sentence], claimed: list[Read], words: Vocabulary, events: frozenset[str]
) -> list[Read]:
    """Return the sentences of *told* with those of their *events* and words that *claimed* speaks of.

    What has none of these is read only when it is asked what it gives.
    """
    wanted = {word for one in claimed for word in one.words.values()}
    said = [
        Read(one, words, words.places.find(one), asked=asked)
        for one, asked in zip(told, words_asked(told, wanted, words.plain), strict=True)
    ]
    needed = [bool(one.asked) or _may_speak_of(events, one.places or ()) for one in said]
    for number, one in enumerate(said):
        if True in [forms.far for _, forms in one.places or ()]:
            needed[number] = needed[number - 1 if number else 0] = True
    _read([one for one, need in zip(said, needed, strict=True) if need], (), events | words.firm)
    for one in said:
        if one.asked:
            one.asked = _not_taken(one)
    return said


def _may_speak_of(events: frozenset[str], places: Places | tuple[()]) -> bool:
    return any(not events.isdisjoint(forms.names) for _, forms in places)


def _read(needed: list[Read], names: Collection[str], only: frozenset[str] | None) -> None:
    """Read the sentences of *needed* in order."""
    everywhere, before = 0, None
    for one in needed:
        Reader(one, one.places or [], before, names, only).read()
        everywhere |= one.text
        before = one
    if everywhere:
        for mention in (one for each in needed for one in each.mentions):
            mention.status |= everywhere


def _not_taken(one: Read) -> list[tuple[int, str]]:
    """Return those of its words asked for that no form has taken."""
    taken = one.taken
    if one.english:
        return [word for word in one.asked if not taken[word[0]]]
    return [word for word in one.asked if not (taken[word[0]] or taken[word[0] + 1])]
