"""What every request to the service works with."""

from collections.abc import Mapping
from pathlib import Path

from litestar.di import NamedDependency

from pratique.assessment.candidates import read_packs
from pratique.features.packs import Pack
from pratique.partners.catalogue import packaged, read_partners
from pratique.partners.pool import Pool
from pratique.rollout.gate import Rules
from pratique.rollout.steps import gate_rules
from pratique.settings.workspace import open_workspace
from pratique.workspace.opened import Opened


class Service:
    """One opened workspace, serving one market."""

    def __init__(self, opened: Opened, market: str) -> None:
        self.opened = opened
        self.rules: Rules = gate_rules(opened, market)
        self.packs: Mapping[str, Pack] = {
            pack.id: pack for pack in read_packs(opened.workspace, self.rules.market.features)
        }
        self.partners = read_partners(opened.workspace.content("partners", packaged()))
        self.pool = Pool(
            self.partners,
            market,
            accesses=opened.workspace.configuration.partners,
            folder=opened.workspace.folder,
        )

    @property
    def deadline(self) -> float:
        """Longest time that one request may take, in seconds."""
        return self.opened.workspace.configuration.serve.deadline_seconds


Served = NamedDependency[Service]
"""How a handler asks for the service."""


def open_service(folder: Path, market: str) -> Service:
    """Return the service for *market* of the workspace in *folder*.

    Raises:
        PratiqueError: something in the workspace is missing or broken.
    """
    return Service(Opened(open_workspace(folder), who="service"), market)
