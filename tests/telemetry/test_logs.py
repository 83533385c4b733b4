"""The log tells what is on the list; what anybody else says of a user's text stays out."""

import json
import logging
import sys
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from pratique.telemetry.logs import Lines
from tests.telemetry.test_metrics import ALLOWED


def line(
    message: str,
    *,
    name: str = "pratique",
    arguments: tuple[object, ...] = (),
    error: BaseException | None = None,
    extra: Mapping[str, object] | None = None,
) -> str:
    """What a record becomes."""
    trace = (type(error), error, error.__traceback__) if error else None
    record = logging.getLogger(name).makeRecord(
        name, logging.ERROR, "file.py", 1, message, arguments, trace, extra=extra
    )
    return Lines(ALLOWED).format(record)


def raised(text: str) -> ValueError:
    """An exception with *text*, as it arrives in a log."""
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


def test_a_line_of_ours_tells_its_fields() -> None:
    """Event and listed fields, one JSON object a line."""
    request = "req-" + "0" * 32
    told = json.loads(
        line("request failed", extra={"request_id": request, "feature": "proofread", "port": 1})
    )
    assert told["event"] == "request failed"
    assert (told["request_id"], told["feature"]) == (request, "proofread")
    assert "port" not in told


def test_an_exception_is_told_by_its_class_and_places() -> None:
    """Enough to find the mistake; its text may be a user's."""
    told = json.loads(line("unexpected failure", error=raised("a user's words")))
    assert told["error"] == "ValueError"
    assert told["at"].endswith(" raised")
    assert "test_logs.py:" in told["at"]


@given(st.text(min_size=4, max_size=80))
def test_nothing_that_a_library_says_gets_out(text: str) -> None:
    """Messages, arguments, exceptions and extras of others are not on the list."""
    token = "leak" + text
    told = [
        line(token, name="library"),
        line("said %s", name="library", arguments=(token,)),
        line("failed", name="uvicorn.error", error=raised(token)),
        line(token),
        line("request failed", extra={"feature": token, "reason": token, "error": token + "!"}),
        line("request failed", error=raised(token)),
    ]
    assert all("leak" not in one for one in told)
    assert all(json.loads(one)["level"] == "error" for one in told)


def test_a_place_holds_no_line_of_source() -> None:
    """Source lines may hold what somebody typed into a shell."""
    assert "raise ValueError" not in line("unexpected failure", error=raised("x"))
    assert sys.exc_info() == (None, None, None)
