"""Sealed bytes: a passphrase opens them, and nothing else."""

import hashlib
from functools import cache

import pytest

from pratique.errors import Malformed, NotAllowed
from pratique.store.sealed import COST, seal, stretched, unseal

RIGHT = "blue tram over seven hills"


@cache
def sealed_bytes() -> bytes:
    """Return a secret that `RIGHT` opens."""
    return seal(b"a secret", RIGHT)


def test_a_guess_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """32 MiB and three lanes, as the file's format says: other numbers would open no file of ours."""
    monkeypatch.setattr("pratique.store.sealed.COST", COST)
    expected = hashlib.scrypt(
        RIGHT.encode(), salt=b"salt", n=2**15, r=8, p=3, maxmem=2**27, dklen=32
    )
    assert stretched(RIGHT, b"salt") == expected


def test_the_passphrase_opens_what_it_sealed() -> None:
    """And twice the same is not sealed the same: nobody sees that two secrets are equal."""
    assert unseal(sealed_bytes(), RIGHT, "x") == b"a secret"
    assert b"a secret" not in sealed_bytes()
    assert seal(b"a secret", RIGHT) != sealed_bytes()


def test_another_passphrase_opens_nothing_and_a_short_one_is_refused() -> None:
    """Whoever has the file may guess without end."""
    with pytest.raises(NotAllowed, match="does not open `x`"):
        unseal(sealed_bytes(), RIGHT + " ", "x")
    with pytest.raises(NotAllowed, match="fewer than 12"):
        seal(b"a secret", "eleven char")


def test_no_changed_bit_goes_unseen() -> None:
    """It ends in an error of ours, never in other bytes."""
    whole = sealed_bytes().rstrip(b"\n")
    for place in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            with pytest.raises((NotAllowed, Malformed)):
                unseal(bytes(changed), RIGHT, "x")


@pytest.mark.parametrize(
    "sealed",
    [b"", b"{}", b"\xff", b'{"data":"nothing","format":"pratiq', b"[" * 5_000_000],
    ids=["empty", "object", "byte", "cut", "deep"],
)
def test_what_is_no_sealed_file_is_told_so(sealed: bytes) -> None:
    """Without a guess at the passphrase."""
    with pytest.raises(Malformed, match="not a sealed file"):
        unseal(sealed, RIGHT, "x")
