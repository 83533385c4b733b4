"""Simulation: how an invented model behaves, as data for rehearsals; nothing here runs."""

from typing import Annotated, Literal

import msgspec

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
"""A part of all calls, from 0 to 1."""

_Seconds = Annotated[float, msgspec.Meta(gt=0)]
_Rate = Annotated[float, msgspec.Meta(gt=0)]
_Count = Annotated[int, msgspec.Meta(ge=1)]
_Name = Annotated[str, msgspec.Meta(min_length=1)]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all tables here share: frozen, by keyword, no unknown keys."""


class Latency(_Table, frozen=True):
    """How long a call takes. The times follow a log-normal law."""

    median: _Seconds = 0.8
    """Seconds to the end of the answer that half of the calls stay below."""
    spread: Annotated[float, msgspec.Meta(ge=0)] = 0.25
    """Standard deviation of the logarithm of the time: 0 takes the median always, and with 0.25
    one call in twenty takes more than one and a half times the median."""
    first: Share = 0.25
    """Part of the time that passes before the first text of a stream."""


class Shares(_Table, frozen=True):
    """What becomes of the calls that bring no sound answer, each as a share of all calls."""

    unavailable: Share = 0.0
    """The server fails."""
    timeout: Share = 0.0
    """Nothing comes before the deadline."""
    refused: Share = 0.0
    """The model declines."""
    blocked: Share = 0.0
    """The partner's filter stops the request."""
    retracted: Share = 0.0
    """The partner's filter stops the answer; in a stream after some text has been passed on."""
    invalid: Share = 0.0
    """The answer breaks off, so that it has no sound form."""

    def __post_init__(self) -> None:
        """Refuse shares that are more than the whole."""
        whole = sum(msgspec.structs.astuple(self))
        if whole > 1 + 1e-9:
            raise ValueError(f"the shares add up to {whole:g}, more than 1")


class Drift(_Table, frozen=True):
    """A quality that changes while everything else stays as it is."""

    per_call: float = 0.0
    """Change of the quality with each call."""
    per_day: float = 0.0
    """Change of the quality with each day since the model was connected."""
    least: Share = 0.0
    """Where a fall ends."""


class Swap(_Table, frozen=True):
    """Another model answers from some call on, while the catalogue names the old one."""

    after: Annotated[int, msgspec.Meta(ge=0)]
    """Calls that the old model still answers."""
    model: _Name
    """What the new one calls itself in its replies."""
    quality: Share
    """The new one's quality."""


class Capacity(_Table, frozen=True):
    """How much load it carries; what is left out has no bound."""

    requests_per_second: _Rate | None = None
    """Calls a second that it takes in the long run."""
    burst: _Count = 1
    """Calls that it takes at once after a rest."""
    beyond: Literal["rate_limited", "overloaded"] = "rate_limited"
    """What it says to the calls beyond."""
    honest_retry_after: bool = True
    """Whether the wait that it asks for is the one that helps; else a tenth of it is named."""
    at_once: _Count | None = None
    """Calls in flight that it carries well. With *n* beyond that, a call takes (n / at_once)² as
    long, so that more load means fewer answers a second."""


class Simulation(_Table, frozen=True):
    """How an invented model behaves."""

    seed: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    """Number behind every draw: the same seed, model and call come to the same."""
    answers: Literal["rules"] = "rules"
    """Where answers come from: the embedded rules, which take the request as JSON."""
    quality: Share = 1.0
    """Share of its answers that are as good as their source; the others are made wrong on purpose,
    in the right form."""
    speed: _Rate = 1.0
    """Simulated seconds in a second of the clock; replies always tell simulated seconds."""
    latency: Latency = Latency()
    """How long a call takes."""
    shares: Shares = Shares()
    """What becomes of the calls that bring no sound answer."""
    drift: Drift | None = None
    """How its quality changes."""
    swap: Swap | None = None
    """When another model takes its place without a word."""
    capacity: Capacity = Capacity()
    """How much load it carries."""
