"""Places: a market's content goes to that market's servers, by a safe way, or nowhere."""

from pathlib import Path

import msgspec
import pytest

from pratique.errors import Malformed, NotAllowed
from pratique.partners.catalogue import Candidate
from pratique.partners.dialect import Region
from pratique.partners.pool import Pool
from pratique.partners.remote.place import region_for, require_safe
from pratique.settings.workspace import Access

from .stage import DIALECTS, PARTNERS


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_mainland_is_served_from_the_mainland(dialect: str) -> None:
    """Another region is another account, another policy and another jurisdiction."""
    region = region_for(PARTNERS[dialect], "CN", Access())
    assert region.market in ("CN", "any")


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if PARTNERS[d].key_needed])
def test_a_market_that_no_region_serves_is_refused(dialect: str) -> None:
    """No default leads abroad."""
    with pytest.raises(NotAllowed, match="does not serve market `BR`") as caught:
        region_for(PARTNERS[dialect], "BR", Access())
    assert "pratique.toml" in caught.value.hint


def test_a_region_of_another_market_cannot_be_named() -> None:
    """The workspace chooses among the regions of its market alone."""
    partner = PARTNERS["alibaba"]
    abroad = next(one for one in partner.regions if one.market != "CN")
    with pytest.raises(NotAllowed, match="does not serve market `CN`"):
        region_for(partner, "CN", Access(region=abroad.id))
    assert region_for(partner, abroad.market, Access(region=abroad.id)) == abroad


def test_a_model_is_called_only_where_it_is_offered() -> None:
    """Ids differ by region: the same name elsewhere is another model, or none."""
    partner = PARTNERS["bytedance"]
    entry = msgspec.structs.replace(partner.models[0], regions=("cn-beijing",))
    regions = (Region(id="cn-other", market="CN", base_url="https://other.example"),)
    moved = msgspec.structs.replace(partner, regions=regions, models=(entry,))
    with pytest.raises(NotAllowed, match="is not offered in region `cn-other`"):
        Pool({moved.id: moved}, "CN").connected(Candidate(partner=moved, model=entry))


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.cn/v1", True),
        ("http://127.0.0.1:9/v1", True),
        ("http://localhost:9/v1", True),
        ("http://example.cn/v1", False),
        ("http://127.0.0.1.example.cn/v1", False),
        ("ftp://example.cn", False),
        ("https://", False),
        ("example.cn/v1", False),
        ("", False),
    ],
)
def test_a_key_goes_by_a_safe_way_only(address: str, safe: bool) -> None:
    """Plain HTTP is for this machine, and for servers of one's own."""
    if safe:
        require_safe(PARTNERS["alibaba"], address)
    else:
        with pytest.raises(Malformed, match="is no address for `alibaba`"):
            require_safe(PARTNERS["alibaba"], address)
    if address.startswith("http://"):
        require_safe(PARTNERS["vllm"], address)


def test_models_of_a_partner_share_its_place() -> None:
    """One key, one breaker and one set of connections for all of them."""
    partner = PARTNERS["deepseek"]
    pool = Pool(PARTNERS, "CN", folder=Path())
    models = [pool.connected(Candidate(partner=partner, model=one)) for one in partner.models]
    assert len({id(one._place) for one in models}) == 1  # type: ignore[attr-defined]
