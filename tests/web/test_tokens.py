"""Device tokens: verified once, and no longer believed than the maker's keys and their own time."""

from datetime import timedelta

import pytest

from pratique.errors import NotAllowed
from pratique.people.device_tokens import Claims, issue_token
from pratique.people.keys import SigningKey
from pratique.web.tokens import LOOK_SECONDS, Tokens
from pratique.workspace.opened import Opened, public_keys_folder
from tests.conftest import Clock


def token(opened: Opened, clock: Clock) -> str:
    """A token that ends in an hour."""
    claims = Claims(
        device_region="CN",
        account_region="CN",
        targeting_key="device-1",
        expires=clock() + timedelta(hours=1),
    )
    return issue_token(opened.key, claims)


def test_a_known_token_ends_when_it_says(opened: Opened, clock: Clock) -> None:
    """What is remembered is who signed it, not that it is good."""
    tokens, given = Tokens(opened.keyring), token(opened, clock)
    assert tokens.context(given, clock()).targeting_key == "device-1"
    assert tokens.context(given, clock()).targeting_key == "device-1"
    clock.go_on(hours=1)
    with pytest.raises(NotAllowed, match="has ended"):
        tokens.context(given, clock())


def test_a_changed_token_is_another(opened: Opened, clock: Clock) -> None:
    """One character more or less, and it is not the one that was verified."""
    tokens, given = Tokens(opened.keyring), token(opened, clock)
    tokens.context(given, clock())
    for other in (given[:-2] + ("AA" if given[-2:] != "AA" else "BB"), given + "A", given[1:]):
        with pytest.raises(NotAllowed, match="not one that this maker signed"):
            tokens.context(other, clock())


def test_a_key_that_goes_takes_its_tokens_with_it(opened: Opened, clock: Clock) -> None:
    """Within half a second of the folder's change."""
    seconds = 100.0
    tokens, given = Tokens(opened.keyring, lambda: seconds), token(opened, clock)
    tokens.context(given, clock())
    folder = public_keys_folder(opened.workspace)
    other = SigningKey.create(opened.workspace.state / "other.pem")
    (folder / f"{other.key_id}.pub").write_text(other.public_key + "\n")
    (folder / f"{opened.key.key_id}.pub").unlink()
    seconds += LOOK_SECONDS
    with pytest.raises(NotAllowed, match="not one that this maker signed"):
        tokens.context(given, clock())
