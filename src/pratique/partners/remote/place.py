"""Places: one partner's region, with its key, its connections and its breaker."""

from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

from pratique.errors import Malformed, NotAllowed
from pratique.partners.catalogue import Candidate, Partner
from pratique.partners.dialect import Region
from pratique.partners.remote.breaker import Breaker
from pratique.partners.remote.faults import Causes
from pratique.partners.remote.keys import Key
from pratique.partners.remote.wire import Wire
from pratique.privacy import Masked
from pratique.settings.workspace import Access

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Place:
    """Where one partner's models are called; all its models there share it."""

    def __init__(self, partner: Partner, region: Region, access: Access, folder: Path) -> None:
        self.partner = partner
        self.region = region
        self.base_url = access.base_url or region.base_url
        require_safe(partner, self.base_url)
        self.key = key_of(partner, access, folder)
        self.causes = Causes(partner.dialect)
        self.breaker = Breaker()
        self.wire = Wire(self.base_url)

    def headers(self, authorization: Masked | None) -> dict[str, str]:
        """Return the headers of a new call: our name for it too, where the partner takes one."""
        found = {"Content-Type": "application/json"}
        if authorization is not None:
            found["Authorization"] = authorization
        sent = self.partner.dialect.request_id_sent
        if sent:
            found[sent] = token_hex(16)
        return found


def key_of(partner: Partner, access: Access, folder: Path) -> Key:
    """Return the key of *partner*, which is read when it is first needed."""
    file = folder / access.key_file if access.key_file else None
    variable = access.key_variable or partner.key_variable
    return Key(partner.id, variable, file, needed=partner.key_needed)


def region_for(partner: Partner, market: str, access: Access) -> Region:
    """Return the region of *partner* that serves *market*.

    Users' content never goes to another market's servers: a region is taken only where the
    catalogue says that it serves this one.

    Raises:
        NotAllowed: no region does, or the one that the workspace names does not.
    """
    fitting = [one for one in partner.regions if one.market in (market, "any")]
    named = [one for one in fitting if not access.region or one.id == access.region]
    if named:
        return named[0]
    wanted = f"region `{access.region}` of " if access.region else ""
    known = ", ".join(f"{one.id} ({one.market})" for one in partner.regions) or "none"
    raise NotAllowed(
        f"{wanted}`{partner.id}` does not serve market `{market}`",
        hint=f"its regions: {known}; set `region` under `[partners.{partner.id}]` in `pratique.toml`",
    )


def require_offered(candidate: Candidate, region: Region) -> None:
    """Refuse a model that its partner does not offer in *region*.

    Raises:
        NotAllowed: names the regions that do.
    """
    offered = candidate.model.regions
    if offered and region.id not in offered:
        raise NotAllowed(
            f"`{candidate.name}` is not offered in region `{region.id}`",
            hint=f"it is in {', '.join(offered)}",
        )


def require_safe(partner: Partner, base_url: str) -> None:
    """Refuse an address over which a key or content could be read on the way.

    Raises:
        Malformed: neither HTTPS nor a server of one's own that takes no key.
    """
    parts = urlsplit(base_url)
    local = parts.hostname in _LOOPBACK or not partner.key_needed
    if not parts.hostname or parts.scheme not in (("https", "http") if local else ("https",)):
        raise Malformed(
            f"`{base_url}` is no address for `{partner.id}`",
            hint="`https://…`; plain `http://` is for this machine and for servers of your own",
        )
