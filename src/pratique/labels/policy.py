"""Label policies: how a market's answers are labelled, as a part of a variant's digest."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.labels.explicit import has_both_elements
from pratique.labels.implicit import Implicit, first_write
from pratique.labels.producer_code import parse_code
from pratique.regimes.labelling import AigcDuty, C2paDuty
from pratique.regimes.regime import Regime


class LabelPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that decides a label; it needs no regime at hand to write one."""

    id: str
    """Name, from the regime."""
    revision: int
    """Revision; raised when what is written changes."""
    style: Literal["text_line"]
    """How the visible label is given: a line of its own beside the text."""
    statements: Mapping[str, str]
    """The visible statement per locale."""
    implicit: Literal["gb45438-e", "none"]
    """Format of the label that machines read; `none` where the market asks for none."""
    producer_code: str
    """Code of who offers the content to users; empty where no format carries one."""


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The marks of one piece of content."""

    visible: str
    """Statement that people must be shown with it."""
    implicit: Implicit | None
    """Field that goes with it into files, copies and envelopes; None where none is asked for."""


def label_policy(regime: Regime, producer_code: str) -> LabelPolicy:
    """Return the policy for text answers that follows from *regime*, with the producer's code.

    Raises:
        Malformed: the code is not sound, or is not one for generating; a statement lacks one of
            its two elements; the regime asks for a format that text cannot carry.
    """
    duty = regime.label
    for text in duty.explicit.texts:
        for statement in (text.statement, text.mark):
            if not has_both_elements(statement, text):
                raise Malformed(
                    f"regime `{regime.id}`: `{statement}` ({text.locale}) lacks an element",
                    hint="it must name the machine and the making",
                )
    if isinstance(duty.implicit, C2paDuty):
        raise Malformed(
            f"regime `{regime.id}` asks for implicit labels in `c2pa`, which text cannot carry",
            hint="`pratique label add` writes it into pictures; for text we have no mark",
        )
    asked = isinstance(duty.implicit, AigcDuty)
    if asked:
        require_generating(producer_code)
    return LabelPolicy(
        id=duty.policy,
        revision=duty.revision,
        style="text_line",
        statements={text.locale: text.statement for text in duty.explicit.texts},
        implicit="gb45438-e" if asked else "none",
        producer_code=producer_code if asked else "",
    )


def require_generating(producer_code: str) -> None:
    """Refuse a producer code that is not sound, or is not one for generating.

    Raises:
        Malformed: says what is wrong with it.
    """
    if parse_code(producer_code).service == "2":
        raise Malformed(
            f"the producer code `{producer_code}` is one for propagating",
            hint="its 23rd character must be 1 (generating) where content is generated",
        )


def label(policy: LabelPolicy, content_id: str, locale: str) -> Label:
    """Return the label of the content numbered *content_id*, for a reader of *locale*.

    Raises:
        NotFound: the policy has no statement in *locale*; another language is no substitute.
        Malformed: *content_id* holds a character that the field may not hold.
    """
    statement = policy.statements.get(locale)
    if statement is None:
        raise NotFound(
            f"label policy `{policy.id}` has no statement for `{locale}`",
            hint=f"it has {', '.join(policy.statements)}",
        )
    field = None if policy.implicit == "none" else first_write(policy.producer_code, content_id)
    return Label(visible=statement, implicit=field)
