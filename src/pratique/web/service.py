"""What every request to the service works with."""

import time
from collections.abc import Mapping
from pathlib import Path

from litestar.di import NamedDependency

from pratique.assessment.candidates import read_packs
from pratique.features.packs import Pack
from pratique.partners.catalogue import packaged, read_partners
from pratique.partners.pool import Pool
from pratique.rollout.gate import Rules
from pratique.rollout.replica import REFRESH_SECONDS, Gate
from pratique.rollout.steps import gate_rules
from pratique.rollout.watch.watcher import Watcher
from pratique.serving.guard import Guard, starter_guard
from pratique.settings.workspace import Serve, open_workspace
from pratique.web.flights import Flights
from pratique.web.keyring import Keyring
from pratique.web.limits import Gatekeeper
from pratique.web.names import Names
from pratique.web.signals import allowed_in, telemetry_of
from pratique.workspace.opened import Opened


class Service:
    """One opened workspace, serving one market."""

    def __init__(self, opened: Opened, market: str) -> None:
        self.opened = opened
        self.rules: Rules = gate_rules(opened, market)
        self.gate = Gate(opened, self.rules)
        self.packs: Mapping[str, Pack] = {
            pack.id: pack for pack in read_packs(opened.workspace, self.rules.market.features)
        }
        self.keyring = Keyring(opened.database, self.settings.lease_seconds)
        self.names = Names(opened.key)
        self.gatekeeper = Gatekeeper(self.settings.limits, time.monotonic)
        self.flights = Flights()
        partners = read_partners(opened.workspace.content("partners", packaged()))
        self.pool = Pool(
            partners,
            market,
            accesses=opened.workspace.configuration.partners,
            folder=opened.workspace.folder,
        )
        self.telemetry = telemetry_of(
            opened.workspace.configuration.telemetry,
            allowed_in(self.rules.market, self.packs, partners),
            self.pool,
            lambda: self.gate.state,
        )
        self.watcher = Watcher(opened.workspace, market, opened.workspace.configuration.watch.hours)

    @property
    def settings(self) -> Serve:
        """How the service runs."""
        return self.opened.workspace.configuration.serve

    @property
    def deadline(self) -> float:
        """Longest time that one request may take, in seconds."""
        return self.settings.deadline_seconds

    def close(self) -> None:
        """End the work in the background, and send what signals are left."""
        self.watcher.close()
        self.gate.close()
        self.telemetry.close()

    @property
    def guard(self) -> Guard:
        """What input and answers are screened with now."""
        return starter_guard()


Served = NamedDependency[Service]
"""How a handler asks for the service."""


def open_service(folder: Path, market: str) -> Service:
    """Return the service for *market* of the workspace in *folder*.

    Raises:
        PratiqueError: something in the workspace is missing or broken.
    """
    service = Service(Opened(open_workspace(folder), who="service"), market)
    service.gate.start()
    service.watcher.start()
    service.keyring.fresh = REFRESH_SECONDS
    return service
