"""What came of one request of a load: when it was due, and everything that was seen of it."""

from typing import Literal

import msgspec

from pratique.partners.contract import Status

Verdict = Literal["answered", "refused", "blocked"]
"""What a partner's moderation made of an input; a failure is no verdict."""

_VERDICTS: dict[Status, Verdict] = {
    "ok": "answered",
    "refused": "refused",
    "input_blocked": "blocked",
    "output_blocked": "blocked",
}


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request that was sent. Times are seconds from the start of the whole load."""

    phase: str
    """Part of the load that it belongs to."""
    input: int
    """Number of the input that it asked about; the content is not kept."""
    due: float
    """When it had to be sent."""
    sent: float
    """When it was sent; every latency counts from `due`, so that our own delay hides nothing."""
    first_token: float | None = None
    """When the first text came; None where none did."""
    last_token: float | None = None
    """When the last text came."""
    ended: float
    """When it ended."""
    status: Status
    """What came back."""
    code: str = ""
    """The partner's own code, where it gave one."""
    http_status: int = 0
    """The HTTP status; 0 where there was none."""
    input_tokens: int = 0
    """Tokens read."""
    output_tokens: int = 0
    """Tokens written."""
    retry_after: float | None = None
    """Seconds that the partner asked to wait; None where it did not say."""
    valid: bool | None = None
    """Whether the answer had the form that its feature needs; None where there was no answer."""
    tries: int = 1
    """How often it was tried; above 1 the client hid what came first."""
    cost: float | None = None
    """What it cost, in the currency of the price; None where no price is known."""

    @property
    def late(self) -> float:
        """Seconds by which we sent it too late."""
        return self.sent - self.due

    @property
    def first_token_seconds(self) -> float | None:
        """Seconds from when it was due to its first text."""
        return None if self.first_token is None else self.first_token - self.due

    @property
    def token_seconds(self) -> float | None:
        """Seconds a token from the first text to the last; None where there were not two tokens."""
        if self.first_token is None or self.last_token is None or self.status != "ok":
            return None
        if self.output_tokens < 2:
            return None
        return (self.last_token - self.first_token) / (self.output_tokens - 1)

    @property
    def limited(self) -> bool:
        """Whether it was turned away as one too many."""
        return self.status == "rate_limited"

    @property
    def verdict(self) -> Verdict | None:
        """What moderation made of it."""
        return _VERDICTS.get(self.status)
