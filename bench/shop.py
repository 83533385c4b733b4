"""A workspace for measuring the service: two features released on a remote partner of invented name.

`talk` is the packaged `assistant`, but for every request, so that no consent is asked for each;
`summarize` is a typed feature with its checks. The partner is whatever listens on a port of this
machine.
"""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec

from bench.gate import filed
from bench.screening import invented_pack
from pratique.features.packs import packaged
from pratique.people.api_keys import issue
from pratique.people.device_tokens import Claims, issue_token
from pratique.rollout.packs import KIND, Act, keep_act, last_act
from pratique.screening.pack import Pack
from pratique.screening.signed import signed
from pratique.screening.starter import starter
from pratique.settings.workspace import CONFIGURATION, open_workspace
from pratique.store import snapshots
from pratique.store.moments import stamp
from pratique.workspace.init import init
from pratique.workspace.opened import Opened

TALK = "talk"
"""The feature for free conversation."""
TYPED = "summarize"
"""The typed feature."""
MODEL = "harbour/tide"
"""The model that serves both."""
PHRASES = 10_000
"""Keywords of the screening pack where everything is on."""

_PARTNER = """\
id = "harbour"
name = "Harbour"
wire = "openai"
key_needed = false
documentation = "https://harbour.example/docs"
read = 2026-11-23

[[regions]]
id = "quay"
market = "any"
base_url = "http://127.0.0.1:{port}/v1"

[[models]]
id = "tide"
about = "Whatever listens on this machine."
weights = "self_hosted"

[models.capabilities]
stream = true
thinking = "never"
json_schema = true
tools = true
"""

_LIMITS = """
[serve.limits]
device_per_minute = {each}
device_burst = 1000000
app_per_minute = {each}
app_burst = 1000000
concurrent_requests = 2000
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """A workspace that is ready to be served."""

    folder: Path
    """Where it is."""
    headers: dict[str, str]
    """What each request of one device carries."""


def open_shop(folder: Path, port: int, *, everything: bool = True) -> Shop:
    """Make a workspace in *folder* whose partner listens on *port*.

    With *everything*: an API key, limits per device and app, a pack of `PHRASES`. Without: none of
    that but the starter pack, for nothing is served unscreened. Gate, labels and metrics stay.
    """
    workspace = init(folder / "shop", rehearsal=True)
    place = workspace.folder
    (place / "partners" / "harbour.toml").write_text(_PARTNER.format(port=port))
    _talk(place / "features" / TALK)
    market = place / "markets" / "CN.toml"
    text = market.read_text()
    for name, found in (
        ("features", [TALK, TYPED]),
        ("candidates", [MODEL]),
    ):
        text = _set(text, name, msgspec.json.encode(found).decode())
    market.write_text(text)
    settings = place / CONFIGURATION
    each = 100_000_000 if everything else 0
    settings.write_text(settings.read_text() + _LIMITS.format(each=each))
    opened = Opened(open_workspace(place), who="bench")
    filed(opened, MODEL)
    _screen(opened, invented_pack(PHRASES) if everything else starter())
    headers = {"Pratique-Locale": "en", "Pratique-Device-Token": _token(opened)}
    if everything:
        with opened.database.begin() as connection:
            _, token = issue(connection, "bench", ["device"], opened.clock())
        headers["Authorization"] = f"Bearer {token}"
    opened.close()
    return Shop(place, headers)


def _set(text: str, name: str, value: str) -> str:
    lines = [
        f"{name} = {value}" if line.startswith(f"{name} = ") else line for line in text.split("\n")
    ]
    return "\n".join(lines)


def _talk(folder: Path) -> None:
    """Copy the packaged conversation into *folder*, for every request."""
    shutil.copytree(packaged() / "assistant", folder)
    file = folder / "feature.toml"
    kept = [
        line
        for line in file.read_text().replace('id = "assistant"', f'id = "{TALK}"').split("\n")
        if not line.startswith("consent_token")
    ]
    file.write_text("\n".join(kept).replace('role = "extend"', 'role = "serve"'))
    schema = folder / "input.schema.json"
    shape = msgspec.json.decode(schema.read_bytes())
    shape["properties"].pop("consent_token", None)
    shape["required"] = [name for name in shape["required"] if name != "consent_token"]
    schema.write_bytes(msgspec.json.encode(shape))


def _screen(opened: Opened, pack: Pack) -> None:
    """Put *pack* into force without its trial: dictionary words stand in ordinary text."""
    now = opened.clock()
    made = msgspec.structs.replace(pack, made=now.date().isoformat())
    with opened.ledger.transaction() as connection:
        before = last_act(connection, "CN")
        digest = snapshots.put(connection, signed(made, opened.key), KIND)
        act = Act(
            market="CN",
            number=before.number + 1 if before else 1,
            kind="activated",
            pack=made.id,
            version=made.version,
            digest=digest,
            at=stamp(now),
            who="bench",
            reason="",
            signed_off="",
        )
        keep_act(connection, act)


def _token(opened: Opened) -> str:
    claims = Claims(
        device_region="CN",
        account_region="CN",
        targeting_key="device-1",
        expires=opened.clock() + timedelta(hours=12),
    )
    return issue_token(opened.key, claims)
