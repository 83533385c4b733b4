"""Conversations: the text has the form that the app asked for, whatever that form is."""

import pytest

from pratique.features.checks import CheckUse
from pratique.features.checks.case import Case
from pratique.features.checks.conversing import format_as_asked

USE = CheckUse(id="format_as_asked", revision=2, field="text", source="format")
NUMBERS = {"type": "array", "items": {"type": "integer"}}


@pytest.mark.parametrize(
    ("asked", "text", "holds"),
    [
        ({"type": "text"}, "no JSON", True),
        ({"type": "json_object"}, '{"a": 1}', True),
        ({"type": "json_object"}, "[1]", False),
        ({"type": "json_schema", "schema": NUMBERS}, "[1, 2]", True),
        ({"type": "json_schema", "schema": NUMBERS}, '["one"]', False),
        ({"type": "json_schema", "schema": NUMBERS}, '"one"', False),
        ({"type": "json_schema", "schema": NUMBERS}, "{}", False),
        ({"type": "json_schema", "schema": {"type": "object"}}, "7", False),
        ({"type": "json_schema", "schema": NUMBERS}, "[1,", False),
        ({"type": "json_schema"}, "[1]", True),
    ],
)
def test_a_text_is_held_to_the_form_that_was_asked_for(
    asked: dict[str, object], text: str, holds: bool
) -> None:
    """A list or a word is JSON like an object, and is held to the schema like one."""
    case = Case(use=USE, locale="en", request={"format": asked}, output={"text": text})
    assert (format_as_asked(case) == "") is holds
