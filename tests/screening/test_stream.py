"""A stream shows what the whole text may show, whatever the chunks, and no part of a hard hit."""

from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import NotAllowed
from pratique.screening.entries import Action, Entry
from pratique.screening.fold import key_of
from pratique.screening.pack import Pack, pack_of
from pratique.screening.screen import Screen
from pratique.screening.stream import Stream

_ALPHABET = "明林计划ab 1一壹，。*\n\u200b\u0301é㎏kg計劃"
_WORDS = st.text(_ALPHABET, min_size=1, max_size=5).filter(lambda text: bool(key_of(text)))
_ACTIONS: st.SearchStrategy[Literal["stop", "replace", "mask", "flag", "allow"]] = st.sampled_from(
    ("stop", "replace", "mask", "flag", "allow")
)


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    """Any pack over a small alphabet, so that its phrases overlap."""
    entries = []
    for n in range(draw(st.integers(1, 5))):
        action = draw(_ACTIONS)
        together = action in ("stop", "replace", "flag") and draw(st.booleans())
        entries.append(
            Entry(
                id=f"r{n}",
                phrase=draw(_WORDS),
                action=action,
                all_of=(draw(_WORDS),) if together else (),
                within=draw(st.integers(2, 15)),
                allow=(draw(_WORDS),) if action != "allow" and draw(st.booleans()) else (),
            )
        )
    if draw(st.booleans()):
        entries.append(Entry(id="phone", pattern="phone", action="mask"))
    return pack_of(entries, id="any")


@st.composite
def cases(draw: st.DrawFn) -> tuple[Pack, list[str]]:
    """A pack, and a text in chunks that holds its phrases more or less dressed up."""
    pack = draw(packs())
    phrases = [entry.phrase or "138 1234 5678" for entry in pack.entries]
    phrases += [text for entry in pack.entries for text in (*entry.all_of, *entry.allow)]
    noise = st.sampled_from(("", "", "*", "\u200b", " ", "林", "*" * 9, "\u200b" * 65, "明" * 70))
    dressed = st.sampled_from(phrases).flatmap(
        lambda phrase: st.lists(noise, min_size=len(phrase), max_size=len(phrase)).map(
            lambda gaps: "".join(one + gap for one, gap in zip(phrase, gaps, strict=True))
        )
    )
    text = "".join(draw(st.lists(st.text(_ALPHABET, max_size=6) | dressed, max_size=8)))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=20)))
    ends = [0, *cuts, len(text)]
    return pack, [text[start:end] for start, end in pairwise(ends)]


@given(cases())
def test_a_stream_gives_what_the_whole_text_gives(case: tuple[Pack, list[str]]) -> None:
    """Any text, any chunking, any pack: same hits, same text shown, never a part of a hit."""
    pack, chunks = case
    screen = Screen(pack)
    text = "".join(chunks)
    whole = screen.check(text, "output")
    ending = [hit for hit in whole.hits if hit.action in ("stop", "replace")]
    hidden = [hit for hit in whole.hits if hit.action == "mask"]
    stream = Stream(screen)
    shown = ""
    for chunk in chunks:
        if stream.ended is None:
            shown += stream.feed(chunk)
            assert all(len(shown) <= hit.anchor for hit in ending)
            assert all(set(shown[hit.start : hit.end]) <= {"■"} for hit in hidden)
    if stream.ended is None:
        shown += stream.finish()
    assert stream.hits == whole.hits
    assert stream.retract == whole.retract
    assert stream.retract or shown == whole.shown(text)


def _stream(*entries: Entry) -> Stream:
    return Stream(Screen(pack_of(entries, id="code")))


def _entry(phrase: str, action: Action = "stop") -> Entry:
    return Entry(id="code", phrase=phrase, action=action)


def test_only_what_may_become_a_hit_is_held() -> None:
    """A character that begins no phrase goes out at once; one that does waits for the next."""
    stream = _stream(_entry("明林计划"))
    assert stream.feed("今天") == "今天"
    assert stream.feed("明") == ""
    assert stream.feed("天") == "明天"


def test_a_phrase_over_two_chunks_ends_the_stream_before_it() -> None:
    """Nothing of it is shown, and nothing after it."""
    stream = _stream(_entry("明林计划"))
    shown = stream.feed("说到明林") + stream.feed("计划就") + stream.feed("停")
    assert shown == "说到"
    assert stream.ended is not None
    assert stream.held == 0


def test_an_allow_phrase_that_is_not_complete_keeps_the_hit_waiting() -> None:
    """It covers the hit once it is complete, and the text goes out whole."""
    stream = _stream(_entry("交通"), Entry(id="road", phrase="路口交通灯", action="allow"))
    assert stream.feed("路口交通") == ""
    assert stream.feed("灯亮") == "路口交通灯亮"
    assert stream.finish() == ""
    assert stream.hits == ()


def test_a_mask_hides_the_repetition_too() -> None:
    """Three characters of the name left over would name it still."""
    stream = _stream(_entry("胡岩", "mask"))
    assert stream.feed("叫胡岩岩岩的") + stream.finish() == "叫■■■■的"


def test_a_late_replacement_takes_back_what_was_shown() -> None:
    """The client is told to drop it."""
    stream = _stream(_entry("明林计划", "replace"))
    stream.feed("说到明林计划。这")
    assert stream.retract


def test_what_is_held_goes_out_at_the_end_only() -> None:
    """A stream that broke off never shows it."""
    stream = _stream(_entry("明林计划"))
    assert stream.feed("看明林") == "看"
    assert stream.finish() == "明林"
    with pytest.raises(NotAllowed, match="finished"):
        stream.feed("计划")


def test_a_number_waits_until_it_ends() -> None:
    """A phone number in pieces is masked whole."""
    stream = _stream(Entry(id="phone", pattern="phone", action="mask"))
    assert "".join([*map(stream.feed, "打13812345678吧")]) + stream.finish() == "打■■■■■■■■■■■吧"
