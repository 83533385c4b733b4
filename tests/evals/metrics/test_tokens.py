"""What counts as one token, in Chinese, in English and where the two are mixed."""

import pytest

from pratique.evals.metrics.tokens import Unit, joined, tokens


@pytest.mark.parametrize(
    ("unit", "text", "expected"),
    [
        ("character", "我们，走。", ["我", "们", "，", "走", "。"]),
        ("character", "用iPhone15拍", ["用", "iPhone", "15", "拍"]),
        ("character", "café很好", ["café", "很", "好"]),
        ("character", "花了1,299.50元", ["花", "了", "1,299.50", "元"]),
        ("character", "好 的", ["好", " ", "的"]),
        ("character", "", []),
        ("word", "Hello, world!", ["Hello", ",", "world", "!"]),
        ("word", "Don’t  stop", ["Don’t", "stop"]),
        ("word", "well-known", ["well", "-", "known"]),
        ("word", "at 10:30, 5pm", ["at", "10:30", ",", "5pm"]),
        ("word", "see you at 南京路", ["see", "you", "at", "南", "京", "路"]),
        ("word", "the naïve café", ["the", "naïve", "café"]),
        ("word", "🙂 ok", ["🙂", "ok"]),
        ("word", " \n", []),
    ],
)
def test_a_text_parts_into_the_tokens_of_its_unit(
    unit: Unit, text: str, expected: list[str]
) -> None:
    """Latin words stay whole among characters; punctuation stands apart from words."""
    assert tokens(text, unit) == expected


def test_characters_join_to_the_same_text_again() -> None:
    """Nothing is lost in Chinese, where a space is a character too."""
    text = "他说：“OK，see you！”\n第2行"
    assert joined(tokens(text, "character"), "character") == text
