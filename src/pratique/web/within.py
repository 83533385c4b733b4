"""Within: how the console of this process calls the service's own API, as its operator."""

import hmac
import secrets
from functools import lru_cache


@lru_cache(maxsize=1)
def token() -> str:
    """Return what the console sends; it is made anew in each process and stands on no page."""
    return secrets.token_urlsafe(32)


def is_within(authorization: str) -> bool:
    """Say whether a header `Authorization` comes from the console of this very process."""
    return hmac.compare_digest(authorization.encode(errors="replace"), _sent())


@lru_cache(maxsize=1)
def _sent() -> bytes:
    return f"Bearer {token()}".encode()
