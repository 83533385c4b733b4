"""Sealed bytes: a passphrase opens them, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import Malformed, NotAllowed
from pratique.store.sealed import seal, unseal

RIGHT = "blue tram over seven hills"
SEALED = seal(b"a secret", RIGHT)


def test_the_passphrase_opens_what_it_sealed() -> None:
    """And twice the same is not sealed the same: nobody sees that two secrets are equal."""
    assert unseal(SEALED, RIGHT, "x") == b"a secret"
    assert b"a secret" not in SEALED
    assert seal(b"a secret", RIGHT) != SEALED


def test_another_passphrase_opens_nothing_and_a_short_one_is_refused() -> None:
    """Whoever has the file may guess without end."""
    with pytest.raises(NotAllowed, match="does not open `x`"):
        unseal(SEALED, RIGHT + " ", "x")
    with pytest.raises(NotAllowed, match="fewer than 12"):
        seal(b"a secret", "eleven char")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, len(SEALED) - 2), st.integers(0, 7))
def test_no_changed_bit_goes_unseen(place: int, bit: int) -> None:
    """It ends in an error of ours, never in other bytes."""
    changed = bytearray(SEALED)
    changed[place] ^= 1 << bit
    with pytest.raises((NotAllowed, Malformed)):
        unseal(bytes(changed), RIGHT, "x")


@pytest.mark.parametrize(
    "sealed",
    [b"", b"{}", b"\xff", SEALED[:40], b"[" * 5_000_000],
    ids=["empty", "object", "byte", "cut", "deep"],
)
def test_what_is_no_sealed_file_is_told_so(sealed: bytes) -> None:
    """Without a guess at the passphrase."""
    with pytest.raises(Malformed, match="not a sealed file"):
        unseal(sealed, RIGHT, "x")
