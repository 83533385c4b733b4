"""PP-OCR as a model: reads the picture of a request, and answers from its lines by rules of ours."""

import time
from collections.abc import AsyncIterator, Mapping

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Call, Event, Reply, in_one_piece
from pratique.partners.ocr.reader import read, recognised
from pratique.partners.rules import answer
from pratique.partners.rules.translate import NoTranslation
from pratique.privacy import Sensitive


class OcrModel:
    """Answers the request in the last turn, which is JSON, about the picture that goes with it."""

    concurrency = 1

    def __init__(self, candidate: Candidate) -> None:
        self.name = candidate.name

    async def complete(self, call: Call) -> Reply:
        """Answer *call*; what the rules cannot answer comes to what it does with `RulesModel`."""
        started = time.perf_counter()
        try:
            request = msgspec.json.decode(call.turns[-1].content.reveal(), type=dict[str, object])
            text = answer(msgspec.json.encode(await _read(request, call))).decode()
        except NoTranslation as error:
            return Reply(status="refused", detail=str(error))
        except (Malformed, NotFound, msgspec.DecodeError, RecursionError) as error:
            return Reply(status="bad_request", detail=type(error).__name__)
        return Reply(status="ok", text=Sensitive(text), seconds=time.perf_counter() - started)

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        """Answer *call* in one piece."""
        async for event in in_one_piece(await self.complete(call)):
            yield event


async def _read(request: Mapping[str, object], call: Call) -> Mapping[str, object]:
    """Return *request* with the text of its picture in the place of the picture."""
    pictures = call.turns[-1].pictures
    if not pictures:
        return request
    lines = await read(pictures[0].data.reveal())
    given = request.get("input")
    asked = given if isinstance(given, dict) else {}
    return {**request, "input": {**asked, "ocr_text": recognised(lines) or " "}}
