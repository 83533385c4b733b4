"""Targets and scores: what an answer is held to, and how far it meets it."""

from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec

from pratique.evals.instructions import Instruction

Fields = Mapping[str, object]
Group = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
"""Phrases of which one must be said; nothing says one of none."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a target."""


class Action(_Record, frozen=True):
    """Something that somebody has to do."""

    who: str
    """The one who said yes."""
    what: Group
    """What it may be called."""
    due: str | None
    """The date, ISO 8601; None where none was said."""


class Span(_Record, frozen=True):
    """Some days."""

    first: str = msgspec.field(name="from")
    """First day, ISO 8601."""
    last: str = msgspec.field(name="to")
    """Last day, ISO 8601."""


class Slots(_Record, frozen=True):
    """What a search is after."""

    who: tuple[str, ...]
    """People."""
    what: tuple[str, ...]
    """Things."""
    where: tuple[str, ...]
    """Places."""
    when: Span | None
    """Days."""


class Event(_Record, frozen=True):
    """One event of a picture. None means that it must be left unknown."""

    title: Group
    """What it may be called."""
    start: Group | None
    """When it may begin."""
    end: Group | None
    """When it may end."""
    place: Group | None
    """Where it may be."""


class Target(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What an answer is held to; which fields count is the scorer's affair."""

    accept: tuple[str, ...] = ()
    """`accepted`: every text that is right."""
    must: tuple[Group, ...] = ()
    """`mentions`: groups of phrases, each satisfied by any one of them."""
    never: tuple[str, ...] = ()
    """`mentions`: phrases that must not occur."""
    need: int | None = None
    """`mentions`: how many groups suffice; all when absent."""
    urgent: bool | None = None
    """`urgency`: whether it must be seen now."""
    same: bool = False
    """`rewritten`: whether the text may stay as it is."""
    covers: tuple[str, ...] = ()
    """`notified`: ids of the notifications that the line must speak of."""
    suppressed: bool = False
    """`notified`: whether the stack must not be summed up."""
    wish: str = msgspec.field(name="class", default="")
    """`transformed`: the class of the wish."""
    null_text: bool = False
    """`transformed`: whether no text may come of it."""
    items: tuple[Group, ...] = ()
    """`structured`: for each entry of a list, in order, what it may say."""
    columns: tuple[Group, ...] = ()
    """`structured`: for each column of a table, what its head may say."""
    rows: tuple[tuple[Group, ...], ...] = ()
    """`structured`: for each cell of each row what it may say; an empty text asks for an empty cell."""
    questions: tuple[Group, ...] | None = None
    """`drafted`: for each question that is asked, what it may say; None where the draft is wanted."""
    actions: tuple[Action, ...] = ()
    """`minuted`: who does what by when."""
    decisions: tuple[Group, ...] = ()
    """`minuted`: for each decision what it may say."""
    slots: Slots | None = None
    """`searched`: what is looked for."""
    may_what: tuple[str, ...] = ()
    """`searched`: further things that do no harm."""
    events: tuple[Event, ...] = ()
    """`dated`: the events, in the order of the picture."""
    category: tuple[str, ...] = ()
    """`dated`: the categories that are right."""
    refuse: bool = False
    """`conversed`: whether the answer must say that it will not help."""
    instructions: tuple[Instruction, ...] = ()
    """`instructions`: what the answer must follow, each of them."""


class Score(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a scorer found."""

    met: bool
    """Whether the target is met."""
    share: float
    """How much of it, from 0 to 1; for a trend, never for a verdict."""
    why: str = ""
    """What is missing, from the target's own words."""


class Scorer(msgspec.Struct, frozen=True, kw_only=True):
    """A way to compare answers with targets."""

    revision: int
    """Raised whenever its behaviour changes."""
    score: Callable[[Target, Fields, Fields], Score]
    """Compare with a target what came out of a request: target, request's input, output."""
    fits: Callable[[Target], str]
    """Say what a target lacks for this scorer, or an empty string."""


def lacks_phrases(target: Target) -> str:
    """Say what the phrases of *target* lack, or an empty string."""
    if not target.must and not target.never:
        return "`must` or `never` must hold phrases"
    if not all(group and all(group) for group in target.must) or not all(target.never):
        return "a phrase or a group is empty"
    if target.need is not None and not 0 < target.need <= len(target.must):
        return f"`need` is {target.need} with {len(target.must)} groups"
    return ""
