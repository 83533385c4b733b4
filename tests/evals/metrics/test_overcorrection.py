"""Over-correction: the share of right texts that did not come back as they were."""

import pytest

from pratique.errors import Malformed
from pratique.evals.metrics.overcorrection import over_correction


@pytest.mark.parametrize(
    ("texts", "value", "count"),
    [
        ([("今天很冷。", "今天很冷。")], 0 / 1, 1),
        ([("今天很冷。", "今天很冷。"), ("再见", "在见")], 1 / 2, 2),
        # the comma's width, a space and a capital letter are changes too: 3 of 4
        ([("好,走", "好，走"), ("用App", "用 App"), ("ok", "OK"), ("Fine.", "Fine.")], 3 / 4, 4),
        ([("Thanks.", "")], 1 / 1, 1),
        ([("", "")], 0 / 1, 1),
    ],
)
def test_every_changed_text_counts(texts: list[tuple[str, str]], value: float, count: int) -> None:
    """How much of it was changed does not matter: the user finds their own words altered."""
    figure = over_correction(texts)
    assert (figure.value, figure.count) == (value, count)
    assert figure.counts == "texts that were right already"


def test_no_right_texts_are_refused() -> None:
    """A suite of wrong texts alone says nothing about over-correction."""
    with pytest.raises(Malformed, match="over-correction cannot be computed"):
        over_correction([])
