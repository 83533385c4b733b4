"""One pass over all texts of a request: where it finds nothing, no text alone holds anything."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from pratique.screening.entries import Entry, Side
from pratique.screening.pack import pack_of
from pratique.screening.screen import Screen
from pratique.screening.starter import starter

ENTRIES = (
    Entry(id="w-1", phrase="river gate", risk="A.1f"),
    Entry(id="w-2", phrase="aabb", risk="A.1f"),
    Entry(id="w-3", phrase="蓝色河口", risk="A.1f", views=("homophone",)),
    Entry(id="p-1", pattern="phone", risk="A.1f"),
)
SIDES: tuple[Side, ...] = ("input", "output")
SCREENS = (
    Screen(pack_of(ENTRIES, id="own", version="1")),
    Screen(starter()),
)
PIECES = [
    "river",
    " gate",
    "riv3r g@te",
    "r-i-v-e-r.g-a-t-e",
    "a",
    "ab",
    "bb",
    "蓝色",
    "河口",
    "兰色河口",
    "138 1234",
    "5678",
    "13812345678",
    base64.b64encode(b"the river gate").decode(),
    "%72iver gate",
    "\uf8ff",
    " ",
    *(entry.phrase for entry in starter().entries[:40] if entry.phrase),
]
TEXTS = st.lists(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=4), min_size=1, max_size=4).map("".join),
    max_size=4,
)


@given(TEXTS, st.sampled_from(SIDES), st.sampled_from(SCREENS))
def test_what_is_quiet_together_is_quiet_alone(
    texts: list[str], side: Side, screen: Screen
) -> None:
    """The other way round does not matter: then each is checked."""
    if screen.quiet(texts, side):
        for text in texts:
            assert not screen.check(text, side).hits


def test_a_hit_is_not_quiet_wherever_it_stands() -> None:
    """First, in the middle, or last."""
    for place in range(3):
        texts = ["plain", "words", "alone"]
        texts[place] = "by the river gate"
        assert not SCREENS[0].quiet(texts, "input")
    assert SCREENS[0].quiet(["plain", "words"], "input")
