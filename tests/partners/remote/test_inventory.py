"""A partner's own list of models: what is read of it, and what is not."""

import asyncio
import json
from collections.abc import Mapping

import pytest

from pratique.errors import Unavailable
from pratique.partners.catalogue import packaged, read_partners
from pratique.partners.pool import Pool
from pratique.partners.remote import inventory
from pratique.partners.standins.server import Running
from pratique.settings.workspace import Access

PARTNERS = read_partners([packaged()])
REMOTE = sorted(one.id for one in PARTNERS.values() if one.wire and one.models)


def listed(partner: str, base_url: str) -> frozenset[str]:
    """Return what *partner* lists at *base_url*."""

    async def ask() -> frozenset[str]:
        accesses: Mapping[str, Access] = {partner: Access(base_url=base_url)}
        pool = Pool(PARTNERS, "CN", accesses=accesses)
        try:
            return await pool.listed(partner)
        finally:
            await pool.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("partner", REMOTE)
def test_every_stand_in_lists_the_models_of_its_partner(
    partner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the names of its wire."""
    with Running(partner) as server:
        if PARTNERS[partner].key_variable:
            monkeypatch.setenv(PARTNERS[partner].key_variable, server.key)
        names = {one.upstream or one.id for one in PARTNERS[partner].models}
        assert listed(partner, server.base_url) >= names


def test_a_wrong_key_or_no_server_is_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing follows from that: it is told, and no model counts as gone."""
    monkeypatch.setenv("DEEPSEEK_API_KEY", "wrong")
    with Running("deepseek") as server, pytest.raises(Unavailable, match="HTTP status 401"):
        listed("deepseek", server.base_url)
    with pytest.raises(Unavailable, match="no list of its models"):
        listed("deepseek", "http://127.0.0.1:9/v1")
    with pytest.raises(Unavailable, match="runs inside the process"):
        listed("embedded", "")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"not json", "no list of models"),
        (b'{"data": [{"name": 1}]}', "no list of models"),
        (
            json.dumps({"data": [{"id": str(n)} for n in range(inventory.MOST + 1)]}).encode(),
            "more",
        ),
    ],
)
def test_what_is_no_list_is_said(body: bytes, says: str) -> None:
    """A partner may send anything; a name that no model has is not repeated."""
    with pytest.raises(Unavailable, match=says):
        inventory.names_in("shop", 200, body)


def test_names_that_no_model_has_are_left_out() -> None:
    """They would stand in the ledger."""
    data = json.dumps({"data": [{"id": "qwen-9"}, {"id": "<b>"}, {"id": "x" * 200}]}).encode()
    assert inventory.names_in("shop", 200, data) == {"qwen-9"}
