"""Cohorts: which devices are in a stage, by a stable hash."""

import hashlib
from functools import lru_cache

PARTS = 1_000_000
"""A fraction is cut at parts per million."""


def place(market: str, feature: str, targeting_key: str) -> int:
    """Return where a device stands for *feature* in *market*: 0 up to a million.

    The salt is fixed per feature and market, so raising the fraction only ever adds devices, and
    two features draw independent cohorts.
    """
    salted = _salt(market, feature).copy()
    salted.update(targeting_key.encode(errors="surrogatepass"))
    return int.from_bytes(salted.digest()[:8], "big") % PARTS


def is_in(market: str, feature: str, targeting_key: str, user_fraction: float) -> bool:
    """Say whether a device is among the first *user_fraction* of devices."""
    share = round(user_fraction * PARTS)
    return share == PARTS or place(market, feature, targeting_key) < share


@lru_cache(maxsize=1024)
def _salt(market: str, feature: str) -> "hashlib._Hash":
    """Return the hash after its salt: each device's goes on from a copy."""
    return hashlib.sha256(f"{market}\0{feature}\0".encode(errors="surrogatepass"))
