"""The course of one call: its clock, its tries, and the reply that it ends in."""

import time

import msgspec

from pratique.errors import Unavailable
from pratique.partners.contract import Call, Reply
from pratique.partners.remote.gathering import Gathering
from pratique.partners.remote.place import Place
from pratique.partners.remote.retries import wait_before_next
from pratique.partners.remote.scrubbing import safe_code, scrubbed
from pratique.privacy import Masked
from pratique.text.lengths import estimated_tokens


class Course:
    """One call from its first try to its reply."""

    __slots__ = ("_place", "attempts", "call", "first_token", "started")

    def __init__(self, call: Call, place: Place) -> None:
        self.call = call
        self._place = place
        self.attempts = 0
        self.first_token: float | None = None
        self.started = time.perf_counter()

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self.call.deadline - (time.perf_counter() - self.started)

    def key(self, gathering: Gathering) -> tuple[bool, Masked | None]:
        """Return whether a try may be made, and the key for it; else *gathering* says why not."""
        wait = self._place.breaker.wait()
        if wait:
            why = f"not called: it failed several times in a row; next try in {wait:.1f} s"
            gathering.refuse("overloaded", "breaker_open", why)
            return False, None
        try:
            header = self._place.key.header()
        except Unavailable as error:
            gathering.refuse("auth", "no_key", f"{error}; {error.hint}")
            return False, None
        self.attempts += 1
        return True, header

    def wait(self, gathering: Gathering) -> float | None:
        """Count what a try came to; return the seconds until the next, or None if it was the last."""
        cause = gathering.cause or "server_error"
        if gathering.code in ("breaker_open", "no_key"):
            return None
        if gathering.code == "disconnected" and self.attempts == 1:
            # Most likely a kept connection that the server had closed meanwhile: no sign of ill
            # health, and nothing to wait for.
            return 0.0 if self.left > 0 else None
        self._place.breaker.note(cause)
        if cause == "ok" or gathering.begun:
            return None
        if cause == "auth" and self.attempts == 1 and self._place.key.renewed():
            return 0.0
        return wait_before_next(cause, self.attempts, gathering.retry_after, self.left)

    def reply(self, gathering: Gathering) -> Reply:
        """Return the reply."""
        reply = gathering.reply(
            attempts=self.attempts,
            seconds=time.perf_counter() - self.started,
            first_token_seconds=self.first_token,
        )
        if reply.usage.estimated and self.attempts:
            read = sum(estimated_tokens(turn.content.reveal()) for turn in self.call.turns)
            usage = msgspec.structs.replace(reply.usage, input_tokens=read)
            reply = msgspec.structs.replace(reply, usage=usage)
        if reply.status == "ok" or reply.code in ("breaker_open", "no_key"):
            return reply
        key = Masked(self._place.key.secret().reveal())
        # A code that the call holds as well is nobody's secret, but it cannot be told from one.
        return msgspec.structs.replace(
            reply,
            detail=scrubbed(reply.detail, self.call, key),
            code=safe_code(scrubbed(reply.code, self.call, key)) or "withheld",
        )
