"""What is told of one request: names, numbers and words of closed sets."""

import msgspec


class CallFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One request that passed the gate, after it ended."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    partner: str
    """Who answered."""
    model: str
    """With which model, `partner/model`."""
    release: str
    """Release that answered."""
    status: str
    """What became of it."""
    reply: str
    """What the partner's reply was; empty where nobody waited for it."""
    started: float
    """When it came, seconds since the epoch."""
    seconds: float
    """How long it took."""
    first_piece_seconds: float | None = None
    """How long the first piece took; None where it came whole."""
    input_tokens: int = 0
    """Tokens read."""
    output_tokens: int = 0
    """Tokens written."""
    failed_checks: tuple[str, ...] = ()
    """Checks that failed."""
    screened: tuple[tuple[str, str], ...] = ()
    """Hits of screening: side and action."""
