"""One request through one variant as a stream: pieces as they come, and the answer at the end."""

from collections.abc import AsyncIterator, Mapping
from typing import Literal

import msgspec

from pratique.partners.contract import Model
from pratique.privacy import Sensitive
from pratique.serving.answer import Answer, answer
from pratique.serving.guard import Guard
from pratique.serving.variant import Variant

Withdrawn = Literal["output_screened", "partner_blocked", "invalid", "failed"]
"""Why text that was sent must go: screening, the partner's filter, a check, or a broken answer."""


class Piece(msgspec.Struct, frozen=True):
    """A piece of the answer that may be shown."""

    text: Sensitive[str]
    """The piece."""


class Retraction(msgspec.Struct, frozen=True, kw_only=True):
    """All pieces that were sent must go."""

    reason: Withdrawn
    """Why."""
    replacement: str
    """What to show in their place, words of ours; empty where there is nothing to say."""


async def stream(
    variant: Variant,
    request: Sensitive[Mapping[str, object]],
    model: Model,
    *,
    content_id: str,
    deadline: float,
    guard: Guard,
) -> AsyncIterator[Piece | Retraction | Answer]:
    """Yield what *variant* answers to *request* as it comes; exactly one answer ends every stream.

    Pieces put together are the text field of the answer's output. Closing the iterator closes the
    upstream.

    Raises:
        BadInput: the request's picture is none that is taken.
    """
    yield await answer(
        variant, request, model, content_id=content_id, deadline=deadline, guard=guard
    )
