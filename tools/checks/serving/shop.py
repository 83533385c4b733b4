"""A service for clients to call: every feature on in every locale, on the rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pratique.people.consents import Consent, content_of, issue_consent
from pratique.people.device_tokens import Claims, issue_token
from pratique.people.keys import SigningKey
from pratique.rehearsal.caller import Caller, running
from pratique.rollout import steps
from pratique.rollout.pack_steps import begin
from pratique.serving.variant import digest_of
from pratique.settings.workspace import CONFIGURATION
from pratique.workspace.current_key import CurrentKey
from pratique.workspace.init import init
from pratique.workspace.opened import Opened, now
from tests.web.test_every_feature import approve, whole_market

DEVICE = "device-1"
HOURS = 2


@dataclass(frozen=True, slots=True)
class Shop:
    """A running service, and what the maker's back end would sign for it."""

    caller: Caller
    """Where it is."""
    key: CurrentKey | SigningKey
    """The maker's key."""

    @property
    def token(self) -> str:
        """A token for a device of the market."""
        claims = Claims(
            device_region="CN",
            account_region="CN",
            targeting_key=DEVICE,
            expires=now() + timedelta(hours=HOURS),
        )
        return issue_token(self.key, claims)

    def consent(self, feature: str, given: dict[str, object]) -> str:
        """Return the token by which the user agrees to send *given*."""
        consent = Consent(
            feature=feature,
            targeting_key=DEVICE,
            content=content_of(given),
            expires=now() + timedelta(hours=HOURS),
        )
        return issue_consent(self.key, consent)


@contextmanager
def open_shop(folder: Path) -> Iterator[Shop]:
    """Run a service on a new workspace in *folder*, without limits on how often a device may ask."""
    opened = Opened(init(folder / "shop", rehearsal=True), who="ada")
    begin(opened)
    variants = whole_market(opened)
    approve(opened, variants)
    rules = steps.gate_rules(opened, "CN")
    for one in variants:
        found = steps.start(opened, rules, digest_of(one))
        for _ in found.stages[1:]:
            steps.advance(opened, "CN", one.feature, one.locale)
    settings = opened.workspace.folder / CONFIGURATION
    settings.write_text(settings.read_text() + "\n[serve.limits]\ndevice_per_minute = 0\n")
    opened.close()
    with running(opened.workspace.folder, "CN") as caller:
        yield Shop(caller, opened.key)
