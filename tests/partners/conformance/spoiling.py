"""Spoiled stand-ins: each does one thing wrong that a partner might do."""

from collections.abc import Callable
from typing import Any

import msgspec

from pratique.partners.catalogue import packaged, read_partners
from pratique.partners.standins.answers import Answers
from pratique.partners.standins.manners import manners_of
from pratique.partners.standins.routes import route_of
from pratique.partners.standins.scenarios import Expected, Scenario
from pratique.partners.standins.scripts import Script
from pratique.partners.standins.server import Seen

Body = dict[str, Any]
_EXPECTED = Expected(cause="ok", status="ok", retry="never")


class Spoiler:
    """Answers as the stand-in of a dialect does, with one thing changed."""

    def __init__(
        self,
        dialect: str,
        *,
        asked: Callable[[Body], None] = lambda _: None,
        answered: Callable[[Body, bool], Body | None] = lambda body, _: body,
        headers: dict[str, str] | None = None,
    ) -> None:
        self._dialect = dialect
        self._asked = asked
        self._answered = answered
        self._headers = headers or {}
        models = read_partners([packaged()])[dialect].models
        self._answers = Answers(dialect, "stand-in-key", models)
        self._number = 0

    def __call__(self, seen: Seen) -> Scenario:
        """Return what is answered to *seen*."""
        self._number += 1
        body = msgspec.json.decode(seen.raw)
        self._asked(body)
        raw = msgspec.json.encode(body)
        changed = Seen(seen.method, seen.path, seen.query, seen.headers, raw, body)
        route = route_of(changed, self._dialect, manners_of(self._dialect))
        return self._scenario(self._answers.answer(route, changed, self._number))

    def _scenario(self, script: Script) -> Scenario:
        events: list[msgspec.Raw] = []
        for event in script.events or ():
            data = event.removeprefix(b"data: ").strip()
            if not event.startswith(b"data: {"):
                events.append(msgspec.Raw(msgspec.json.encode(event.decode())))
                continue
            kept = self._answered(msgspec.json.decode(data), True)
            if kept is not None:
                events.append(msgspec.Raw(msgspec.json.encode(kept)))
        body: Body | None = None
        if script.events is None:
            whole: Body = msgspec.json.decode(script.body)
            body = self._answered(whole, False) if script.status == 200 else whole
        return Scenario(
            id="spoiled",
            about="an answer with one thing wrong",
            certainty="inferred",
            mode="both",
            http=script.status,
            headers={**script.headers, **self._headers},
            body=msgspec.Raw(b"" if body is None else msgspec.json.encode(body)),
            events=tuple(events),
            expect=_EXPECTED,
        )


def choice_of(body: Body) -> Body:
    """Return the one choice of an answer or event; an empty one where there is none."""
    choices: list[Body] = body.get("choices") or [{}]
    return choices[0]


def message_of(body: Body) -> Body:
    """Return the message of an answer, or what an event adds to it."""
    choice = choice_of(body)
    found: Body | None = choice.get("message", choice.get("delta"))
    return {} if found is None else found
