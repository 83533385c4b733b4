"""Events and thoughts are the same however their bytes are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.partners.remote import events
from pratique.partners.remote.events import EventReader
from pratique.partners.remote.thoughts import ThoughtSplitter

LINE = st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=12)
DATA = st.lists(LINE, min_size=1, max_size=3)


def written(data: list[str], end: str, space: bool, comment: bool) -> str:
    """Return one event as a server may write it."""
    before = f": keep-alive{end}" if comment else ""
    lines = "".join(f"data:{' ' if space else ''}{line}{end}" for line in data)
    return f"{before}id: 7{end}{lines}{end}"


@given(
    st.lists(DATA, min_size=1, max_size=5),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.lists(st.integers(min_value=0, max_value=400), max_size=20),
)
def test_events_are_the_same_in_any_chunking(
    all_data: list[list[str]], end: str, comment: bool, cuts: list[int]
) -> None:
    """Cut inside characters, line ends or names of fields."""
    whole = "".join(written(one, end, True, comment) for one in all_data).encode()
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    reader = EventReader()
    found = [data for a, b in pairwise(places) for data in reader.feed(whole[a:b])]
    found += reader.end()
    assert [data.decode() for data in found] == ["\n".join(one) for one in all_data]


def test_a_space_after_the_colon_is_not_needed() -> None:
    """Both ways are seen in the wild."""
    assert EventReader().feed(b"data:{}\n\ndata: {}\n\n") == [b"{}", b"{}"]


def test_an_event_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that never ends its line must not fill the memory."""
    monkeypatch.setattr(events, "MAX_EVENT", 100)
    reader = EventReader()
    with pytest.raises(Malformed, match="more than 100 bytes"):
        for _ in range(200):
            reader.feed(b"data: aaaaaaaaaa")


def split(pieces: list[str]) -> tuple[str, str]:
    """Return the thought and the answer in *pieces*."""
    splitter = ThoughtSplitter()
    found = [*map(splitter.feed, pieces), splitter.end()]
    return "".join(thought for thought, _ in found), "".join(answer for _, answer in found)


@pytest.mark.parametrize(
    ("text", "thought", "answer"),
    [
        ("<think>why</think>so", "why", "so"),
        ("\n<think>\nwhy\n</think>\n\nso", "\nwhy\n", "so"),
        ("<think></think>so", "", "so"),
        ("<think>for ever", "for ever", ""),
        ("no tags", "", "no tags"),
        ("<thin", "", "<thin"),
        ("<b>bold</b>", "", "<b>bold</b>"),
        ("say <think>x</think>", "", "say <think>x</think>"),
        ("<think>a</thin></think>b<think>c", "a</thin>", "b<think>c"),
        ("", "", ""),
    ],
)
def test_thoughts_in_tags_are_kept_apart_in_any_chunking(
    text: str, thought: str, answer: str
) -> None:
    """Only at the beginning, and never shown, not even for a moment."""
    for size in range(1, len(text) + 2):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert split(pieces) == (thought, answer)
