"""Rules behind the contract of a model: the baseline that every candidate must beat."""

import time
from collections.abc import AsyncIterator

from pratique.errors import Malformed, NotFound
from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Call, Event, Reply, in_one_piece
from pratique.partners.rules import answer
from pratique.partners.rules.translate import NoTranslation
from pratique.privacy import Sensitive


class RulesModel:
    """Answers the request in the last turn, which is JSON, by rules of ours."""

    concurrency = 1

    def __init__(self, candidate: Candidate) -> None:
        self.name = candidate.name

    async def complete(self, call: Call) -> Reply:
        """Answer *call*.

        A request that the rules cannot read is a `bad_request`; a text that they cannot translate
        is refused: nothing is wrong with it.
        """
        started = time.perf_counter()
        try:
            text = answer(call.turns[-1].content.reveal().encode()).decode()
        except NoTranslation as error:
            return Reply(status="refused", detail=str(error))
        except (Malformed, NotFound) as error:
            return Reply(status="bad_request", detail=type(error).__name__)
        return Reply(status="ok", text=Sensitive(text), seconds=time.perf_counter() - started)

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        """Answer *call* in one piece."""
        async for event in in_one_piece(await self.complete(call)):
            yield event
