"""Cohorts: which devices are in a stage, by a stable hash."""

import hashlib

PARTS = 1_000_000
"""A fraction is cut at parts per million."""


def place(market: str, feature: str, targeting_key: str) -> int:
    """Return where a device stands for *feature* in *market*: 0 up to a million.

    The salt is fixed per feature and market, so raising the fraction only ever adds devices, and
    two features draw independent cohorts.
    """
    salted = f"{market}\0{feature}\0{targeting_key}".encode(errors="surrogatepass")
    return int.from_bytes(hashlib.sha256(salted).digest()[:8], "big") % PARTS


def is_in(market: str, feature: str, targeting_key: str, user_fraction: float) -> bool:
    """Say whether a device is among the first *user_fraction* of devices."""
    return place(market, feature, targeting_key) < round(user_fraction * PARTS)
