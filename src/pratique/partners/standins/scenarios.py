"""Scenarios: what a stand-in plays, and what it must come to; the reference of every outcome."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.partners.contract import Status
from pratique.partners.dialect import Cause, Certainty


class Expected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a scenario must come to."""

    cause: Cause
    """Which of the causes it is."""
    status: Status
    """What the reply must say."""
    retry: Literal["never", "backoff", "once"]
    """Whether the same call may be tried again; never once text has come."""
    retract: bool = False
    """Whether text already passed on must be taken back."""
    truncated: bool = False
    """Whether the answer was cut at the token limit."""
    text: str | None = None
    """The answer; None where it does not matter."""
    code: str | None = None
    """The partner's own code, as it must stay with the reply; None where there is none."""
    retry_after: float | None = None
    """Seconds that the server asks to wait; None where it does not say."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a partner may answer."""

    id: str
    """Name, unique within a dialect."""
    about: str
    """What it is, in one line."""
    certainty: Certainty
    """How sure we are that the partner does this."""
    mode: Literal["plain", "stream", "both"]
    """Whether it answers a plain call, a streamed one, or either alike."""
    http: int = 200
    """HTTP status."""
    headers: Mapping[str, str] = {}
    """Headers beside the usual ones."""
    body: msgspec.Raw = msgspec.Raw(b"")
    """Body of a plain answer or of an error: JSON; a JSON string is sent as bare text; nothing when empty."""
    events: tuple[msgspec.Raw, ...] = ()
    """Events of a stream: a JSON object becomes one `data:` event; a JSON string is sent as it is,
    such as `": keep-alive\\n\\n"` or `"data: [DONE]\\n\\n"`."""
    end: Literal["close", "cut", "reset", "silent"] = "close"
    """How it ends: properly, by a half-sent body, by a reset, or by silence with an open socket."""
    chunking: Literal["event", "whole", "byte"] = "event"
    """How a stream is cut into writes: one an event, all at once, or byte by byte."""
    expect: Expected
    """What it must come to."""


def read_scenarios(dialect: str) -> dict[str, Scenario]:
    """Return the scenarios of *dialect* by id, in the file's order.

    Raises:
        NotFound: no such dialect.
        Malformed: a line is broken; the error names it.
    """
    path = Path(str(files("pratique") / "content" / "standins" / f"{dialect}.jsonl"))
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in path.parent.glob("*.jsonl")))
        raise NotFound(f"no scenarios for dialect `{dialect}`", hint=f"known: {known}")
    found: dict[str, Scenario] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            scenario = msgspec.json.decode(line, type=Scenario)
        except msgspec.DecodeError as error:
            raise Malformed(f"not a scenario: {error}", path=path, line=number) from None
        if scenario.id in found:
            raise Malformed(f"scenario `{scenario.id}` stands twice", path=path, line=number)
        found[scenario.id] = scenario
    return found
