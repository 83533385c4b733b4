"""Reports: what the checks of one model came to, and what they established of it."""

from datetime import datetime
from typing import Literal

import msgspec

STAND_IN = "stand-in"
"""What a report says that it is against when no real partner was called."""

CheckStatus = Literal["passed", "failed", "unsupported"]
"""What one check came to; `unsupported` is what a partner does not offer, or was not asked for."""


class CheckResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one check came to."""

    id: str
    """Name of the check."""
    status: CheckStatus
    """What it came to."""
    detail: str = ""
    """Why, without content; empty where it passed."""
    seconds: float
    """Wall time that it took."""


class Measured(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the checks established of one model; None is not established, which is not no."""

    against: str
    """`stand-in`, or the host that was called."""
    made: datetime
    """When."""
    stream: bool | None = None
    """Whether an answer comes in more than one piece."""
    usage: bool | None = None
    """Whether an answer in one piece counts its tokens."""
    usage_in_stream: bool | None = None
    """Whether a stream counts its tokens."""
    thinking_off: bool | None = None
    """Whether it does not think when told not to."""
    thinking_on: bool | None = None
    """Whether it thinks when told to."""
    reasoning_field: bool | None = None
    """Whether what it thinks came apart from the answer."""
    json_object: bool | None = None
    """Whether it holds to JSON."""
    json_schema: bool | None = None
    """Whether it holds to a schema."""
    tools: bool | None = None
    """Whether it asks for functions."""
    forced_tools: bool | None = None
    """Whether it can be made to ask for one."""
    pictures: bool | None = None
    """Whether it takes pictures."""
    repeatable: bool | None = None
    """Whether the same call, seed and temperature 0 came to the same text twice."""
    stop: bool | None = None
    """Whether it ends at a string to stop at."""
    max_tokens: bool | None = None
    """Whether it ends at the token limit, and says so."""
    chinese: bool | None = None
    """Whether it answers in Chinese when spoken to in Chinese."""
    served_model: str | None = None
    """The model that answered, as the partner names it; empty where it names none."""
    request_id: bool | None = None
    """Whether each answer has a name to give to the partner's support."""
    rate_headers: bool | None = None
    """Whether headers tell how many calls or tokens are left."""
    first_token_seconds: float | None = None
    """Median wall time to the first text of a stream, of the calls made."""
    total_seconds: float | None = None
    """Median wall time of an answer, of the calls made."""


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all checks of one model came to."""

    version: int = 1
    """Version of this shape."""
    partner: str
    """Name of the partner."""
    model: str
    """Name of the model below it."""
    against: str
    """`stand-in`, or the host that was called."""
    made: datetime
    """When the checks began."""
    passed: int
    """How many passed."""
    failed: int
    """How many failed."""
    unsupported: int
    """How many were not for this model, or could not be tried here."""
    calls: int
    """Calls made, each counted once however often it was tried."""
    input_tokens: int
    """Tokens read in all."""
    output_tokens: int
    """Tokens written in all."""
    checks: tuple[CheckResult, ...]
    """Every check, in the order in which they ran."""
    capabilities: Measured
    """What they established."""
