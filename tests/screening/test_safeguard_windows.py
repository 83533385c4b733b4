"""Windows that judges read, and the debounce of what they say."""

from hypothesis import given
from hypothesis import strategies as st

from pratique.screening.windows import Debounce, Window, Windows, cut

TEXTS = st.text(alphabet="ab 天地。！.；\n”」1…", max_size=120)


def streamed(text: str, cuts: list[int], size: int, stride: int) -> list[tuple[Window, str]]:
    """Return the windows of *text* that comes in pieces."""
    windows, found, start = Windows(size, stride), [], 0
    for end in sorted({min(one, len(text)) for one in cuts} | {len(text)}):
        found += windows.feed(text[start:end])
        start = end
    return found + windows.close()


@given(TEXTS, st.lists(st.integers(0, 120)), st.integers(2, 40), st.data())
def test_windows_do_not_depend_on_the_pieces(
    text: str, cuts: list[int], size: int, data: st.DataObject
) -> None:
    """A partner's chunks decide nothing of what a judge reads."""
    stride = data.draw(st.integers(1, size))
    assert streamed(text, cuts, size, stride) == streamed(text, [], size, stride)


@given(TEXTS, st.integers(2, 40), st.data())
def test_every_character_is_fresh_in_exactly_one_window(
    text: str, size: int, data: st.DataObject
) -> None:
    """Nothing is left out, nothing is cut short, no window is larger than it may be."""
    found = streamed(text, [], size, data.draw(st.integers(1, size)))
    assert "".join(part[w.fresh - w.start :] for w, part in found) == text
    for window, part in found:
        assert part == text[window.start : window.end]
        assert 0 < window.end - window.start <= size
        assert window.start <= window.fresh < window.end
    assert [one.fresh for one, _ in found[1:]] == [one.end for one, _ in found[:-1]]


def test_windows_end_at_chinese_stops_and_read_a_sentence_again() -> None:
    """The sentence before is context: what two sentences only say together is seen."""
    found = cut("第一句很短。第二句也短。他说：“好！”第四句。", 14)
    assert [part for _, part in found] == [
        "第一句很短。第二句也短。",
        "第二句也短。他说：“好！”",
        "他说：“好！”第四句。",
    ]


def test_a_full_stop_inside_a_number_ends_nothing() -> None:
    """3.5 is one number; a stop before a space ends a sentence."""
    found = Windows(60, 4).feed("It costs 3.5 yuan. That is little. ")
    assert [part for _, part in found] == [
        "It costs 3.5 yuan.",
        "It costs 3.5 yuan. That is little.",
    ]


def test_a_text_that_fits_is_one_window() -> None:
    """A short text is judged as it is, an empty one not at all."""
    assert [part for _, part in cut("一。二。", 4)] == ["一。二。"]
    assert cut("", 4) == []


def test_two_positive_windows_in_a_row_are_a_hit() -> None:
    """One alone may be chance; a clean one between starts the count anew."""
    debounce = Debounce()
    calls = [debounce.feed(one, last=False) for one in (True, False, True, True)]
    assert calls == ["wait", "clean", "wait", "hit"]


def test_the_last_window_decides_alone() -> None:
    """Nothing follows that could confirm it, so doubt is against the text."""
    assert Debounce().feed(True, last=True) == "hit"
