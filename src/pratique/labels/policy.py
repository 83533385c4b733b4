"""Label policies: how a market's answers are labelled, as a part of a variant's digest."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.labels.explicit import has_both_elements
from pratique.labels.implicit import FORMAT, Implicit, first_write
from pratique.labels.producer_code import parse_code
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
    implicit: Literal["gb45438-e"]
    """Format of the label that machines read."""
    producer_code: str
    """Code of who offers the content to users."""


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The marks of one piece of content."""

    visible: str
    """Statement that people must be shown with it."""
    implicit: Implicit
    """Field that goes with it into files, copies and envelopes."""


def label_policy(regime: Regime, producer_code: str) -> LabelPolicy:
    """Return the policy that follows from *regime*, with the producer's code.

    Raises:
        Malformed: the code is not sound, or is not one for generating; a statement lacks one of
            its two elements; the regime asks for a format that we cannot write.
    """
    duty = regime.label
    if parse_code(producer_code).service == "2":
        raise Malformed(
            f"the producer code `{producer_code}` is one for propagating",
            hint="its 23rd character must be 1 (generating) where content is generated",
        )
    for text in duty.explicit.texts:
        if not has_both_elements(text.statement, text):
            raise Malformed(
                f"regime `{regime.id}`: `{text.statement}` ({text.locale}) lacks an element",
                hint="it must name the machine and the making",
            )
    if duty.implicit.format != FORMAT:
        raise Malformed(
            f"regime `{regime.id}` asks for implicit labels in `{duty.implicit.format}`",
            hint=f"we write `{FORMAT}`",
        )
    return LabelPolicy(
        id=duty.policy,
        revision=duty.revision,
        style="text_line",
        statements={text.locale: text.statement for text in duty.explicit.texts},
        implicit="gb45438-e",
        producer_code=producer_code,
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
    return Label(visible=statement, implicit=first_write(policy.producer_code, content_id))
