"""Content and secrets cannot be turned into text by accident."""

import copy
import json
import pickle
from collections.abc import Callable

import pytest

from pratique.privacy import Secret, Sensitive

CANARY = "canary-7f3a"


@pytest.mark.parametrize("value", [Sensitive(CANARY), Secret(CANARY), Sensitive({"text": CANARY})])
@pytest.mark.parametrize(
    "leak",
    [
        str,
        lambda value: f"{value}",
        lambda value: "%s" % value,  # noqa: UP031
        pickle.dumps,
        copy.copy,
        json.dumps,
        lambda value: "" + value,
        ascii,
        repr,
        lambda value: repr([value]),
        lambda value: repr(vars(type(value))),
    ],
)
def test_no_way_of_writing_shows_the_content(
    value: Sensitive[object], leak: Callable[[object], object]
) -> None:
    """A log line, an error or a dump that meets content either fails or shows nothing."""
    try:
        shown = leak(value)
    except TypeError as error:
        shown = str(error)
    assert CANARY not in str(shown)


def test_content_is_given_to_whoever_asks_for_it() -> None:
    """`reveal` is the one door."""
    assert Sensitive(CANARY).reveal() == CANARY
