"""A growing text: whatever its pieces, it is their sum."""

from hypothesis import given
from hypothesis import strategies as st

from pratique.text.growing import Growing


@given(st.lists(st.text(max_size=3), max_size=300))
def test_it_is_the_sum_of_its_pieces(pieces: list[str]) -> None:
    """However many there are; it is false only while nothing was added."""
    text = Growing()
    for piece in pieces:
        text.append(piece)
    assert text.whole() == "".join(pieces)
    assert bool(text) == bool(pieces)
