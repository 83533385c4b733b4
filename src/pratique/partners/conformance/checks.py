"""Checks: one small question each about a model, and the words in which they end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from pratique.partners.contract import Reply

if TYPE_CHECKING:
    from pratique.partners.conformance.subject import Subject

Ask: TypeAlias = "Callable[[Subject], Awaitable[None]]"
"""Asks the question; returns where the answer is yes.

Raises:
    Failed, Unsupported: where it is not, or cannot be had.
"""

ONLY_STAND_IN = "only the stand-in plays this"
"""Why a check is not for a real partner."""


class Failed(Exception):
    """The partner does not do what it should; the text says what, without content."""


class Unsupported(Exception):
    """The partner does not offer this, or it cannot be tried here; the text says why."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check."""

    id: str
    """Name, stable: records and pages refer to it."""
    meaning: str
    """What holds when it passes, in one sentence."""
    ask: Ask
    """Asks it."""
    stand_in_only: bool = False
    """Whether only a stand-in can be asked."""


def checks(*asks: Ask, stand_in_only: bool = False) -> tuple[Check, ...]:
    """Return a check for each of *asks*: its name and its first line of prose are the function's."""
    found = []
    for ask in asks:
        name = getattr(ask, "__name__", "").replace("_", "-")
        meaning = (ask.__doc__ or "").partition("\n")[0]
        found.append(Check(id=name, meaning=meaning, ask=ask, stand_in_only=stand_in_only))
    return tuple(found)


def require(holds: bool, otherwise: str) -> None:
    """Fail with *otherwise* unless it *holds*."""
    if not holds:
        raise Failed(otherwise)


def answered(reply: Reply) -> Reply:
    """Return *reply* if it is an answer.

    Raises:
        Failed: it is none.
    """
    if reply.status != "ok":
        raise Failed(f"the call came to {shown(reply)}")
    return reply


def offered(reply: Reply, documented: bool | None) -> Reply:
    """Return *reply* if it is an answer to a call for something that not every model offers.

    Raises:
        Unsupported: the partner refuses such a call, or fails at it and is not *documented* to take it.
        Failed: it came to anything else.
    """
    refused = reply.status == "bad_request"
    unknown = documented is None and reply.status in ("unavailable", "auth", "refused")
    if refused or unknown:
        raise Unsupported(f"the partner does not take it: {shown(reply)}")
    return answered(reply)


def undocumented(what: str) -> NoReturn:
    """End a check of something that the catalogue says the model cannot do."""
    raise Unsupported(f"the catalogue says that the model has no {what}")


def shown(reply: Reply) -> str:
    """Return what *reply* was, in the words of its status and the partner's code."""
    code = f", code `{reply.code}`" if reply.code else ""
    return f"`{reply.status}` (HTTP {reply.http_status}{code})"
