"""Prompts: a template that only names fields is filled in as any other."""

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.features.prompts import Decoding, Prompt, Reading, rendered

FIELDS = {"text": "a <b>\n{{ max }}\n", "max": 3, "none": None, "items": ["x", {"y": 1.5}]}
TEXTS = st.text(alphabet="a \n'\"<&éあ}", max_size=6)
NAMES = st.sampled_from(sorted(FIELDS))


def filled(template: str) -> str:
    """Return what *template* comes to for `FIELDS`."""
    prompt = Prompt(
        form="chat",
        user=template,
        decoding=Decoding(max_tokens=10),
        reading=Reading(form="text", field="text"),
    )
    (message,) = rendered(prompt, "summarize", "en", FIELDS)
    return message.content


@given(st.lists(st.tuples(TEXTS, NAMES), max_size=4), TEXTS)
def test_a_template_that_names_fields_says_what_jinja_says(
    parts: list[tuple[str, str]], end: str
) -> None:
    """Whatever the fields hold, and however it ends."""
    template = "".join(f"{text}{{{{ {name} }}}}" for text, name in parts) + end
    wanted = jinja2.Environment(keep_trailing_newline=True).from_string(template)  # noqa: S701
    assert filled(template) == wanted.render(FIELDS)


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        ("{{ text | length }}", "16"),
        ("{% for one in items[:1] %}{{ one }}{% endfor %}", "x"),
        ("{{ feature }} {{ locale }} {{ input.max }}", "summarize en 3"),
        ("{# said to nobody #}{{ max }}", "3"),
    ],
)
def test_a_template_may_do_more(template: str, wanted: str) -> None:
    """Filters, loops and comments are as ever."""
    assert filled(template) == wanted


def test_a_field_that_is_not_there_is_a_fault() -> None:
    """It is never filled in as nothing."""
    with pytest.raises(jinja2.UndefinedError, match="'other' is undefined"):
        filled("{{ text }} {{ other }}")
