"""Guard models: open weights that judge a conversation in words, over the OpenAI-compatible wire.

Their chat templates put the rules around the conversation, so that alone is sent. A subclass reads
one model's answer.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from msgspec.structs import replace

from pratique.partners.contract import Call, Model, Turn
from pratique.partners.safeguards.contract import Category, Role, Verdict
from pratique.privacy import Sensitive

_MAX_TOKENS = 64
"""Enough for every category at once; an answer that is longer is none of theirs."""


class Unreadable(ValueError):
    """An answer that is not in the model's format."""


class GuardModel(ABC):
    """A judge that asks a model."""

    languages: ClassVar[tuple[str, ...]] = ()
    categories: ClassVar[tuple[Category, ...]]
    window: ClassVar[int] = 2000
    """Characters: well inside 8,192 tokens with their template, since Chinese takes one or two each."""
    stride: ClassVar[int] = 64

    def __init__(self, model: Model, version: str) -> None:
        self._model = model
        self._version = version

    @property
    def name(self) -> str:
        """`partner/model`."""
        return self._model.name

    async def check(
        self, text: Sensitive[str], role: Role, context: Sensitive[str], deadline: float
    ) -> Verdict:
        """Return what the model says of *text*; an answer that cannot be read is no verdict."""
        turns = [Turn(role="user", content=text)]
        if role == "output":
            turns = [
                Turn(role="user", content=context),
                Turn(role="assistant", content=text),
            ]
        call = Call(form="chat", turns=tuple(turns), max_tokens=_MAX_TOKENS, deadline=deadline)
        reply = await self._model.complete(call)
        about = Verdict(model=self.name, version=self._version, request_id=reply.request_id)
        if reply.status != "ok":
            return replace(
                about, status=reply.status, code=reply.code, retry_after=reply.retry_after
            )
        try:
            return self.read(reply.text.reveal(), about)
        except Unreadable:
            return replace(about, status="unavailable", code="unreadable")

    @abstractmethod
    def read(self, answer: str, about: Verdict) -> Verdict:
        """Return *about* with what *answer* says.

        Raises:
            Unreadable: it is not in the model's format.
        """
