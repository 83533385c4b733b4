"""What every request to the service works with."""

import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
from litestar.di import NamedDependency

from pratique.assessment.candidates import read_packs
from pratique.errors import NotFound, Unavailable
from pratique.features.fields import conversation_field
from pratique.features.packs import Pack
from pratique.partners.catalogue import packaged, read_partners
from pratique.partners.contract import Model
from pratique.partners.pool import Pool
from pratique.rollout.gate import Admission, Context, Refusal, Rules, off
from pratique.rollout.live import Live
from pratique.rollout.releases import Release
from pratique.rollout.replica import REFRESH_SECONDS, Gate
from pratique.rollout.steps import gate_rules
from pratique.rollout.watch.watcher import Watcher
from pratique.serving.guard import Guard
from pratique.serving.hedging import Hedged
from pratique.serving.safeguards import guarded
from pratique.serving.variant import RoleModel, Variant
from pratique.settings.workspace import Serve, open_workspace
from pratique.web.ceilings import Ceilings
from pratique.web.flights import Flights
from pratique.web.keyring import Keyring
from pratique.web.limits import Gatekeeper
from pratique.web.names import Names
from pratique.web.pauses import Pauses
from pratique.web.signals import allowed_in, telemetry_of
from pratique.web.tokens import Tokens
from pratique.workspace.opened import Opened


class Service:
    """One opened workspace, serving one market."""

    def __init__(self, opened: Opened, market: str) -> None:
        self.opened = opened
        self.rules: Rules = gate_rules(opened, market)
        self.gate = Gate(opened, self.rules)
        self._screens = Live(
            opened.database,
            [self.rules.market],
            opened.verifies,
            opened.clock,
            lease=self.settings.lease_seconds,
        )
        self._guard: Guard | None = None
        self._judged: tuple[Guard, tuple[RoleModel, ...], Guard] | None = None
        self._hedged: dict[str, Hedged] = {}
        self._started = False
        self.packs: Mapping[str, Pack] = {
            pack.id: pack for pack in read_packs(opened.workspace, self.rules.market.features)
        }
        self.conversing: Mapping[str, str] = {
            pack.id: conversation_field(pack.input_schema) for pack in self.packs.values()
        }
        """By feature, the field that holds the turns of a conversation; empty where none does."""
        self.keyring = Keyring(opened.database, self.settings.lease_seconds)
        self.tokens = Tokens(opened.keyring)
        self.names = Names(opened.key)
        self.pauses = Pauses(opened, self.rules.market)
        self.gatekeeper = Gatekeeper(self.settings.limits, time.monotonic)
        self.flights = Flights()
        self.partners = read_partners(opened.workspace.content("partners", packaged()))
        self.pool = Pool(
            self.partners,
            market,
            accesses=opened.workspace.configuration.partners,
            folder=opened.workspace.folder,
        )
        self.telemetry = telemetry_of(
            opened.workspace.configuration.telemetry,
            allowed_in(self.rules.market, self.packs, self.partners),
            self.pool,
            lambda: self.gate.state,
            opened.clock,
        )
        self.watcher = Watcher(opened.workspace, market)
        self.ceilings = Ceilings(
            opened, self.rules.market.spend, self.pool.spend, self.gate.tally.replica
        )

    @property
    def settings(self) -> Serve:
        """How the service runs."""
        return self.opened.workspace.configuration.serve

    @property
    def deadline(self) -> float:
        """Longest time that one request may take, in seconds."""
        return self.settings.deadline_seconds

    @property
    def guard(self) -> Guard | Refusal:
        """What input and answers are screened with now, or why nothing may be served without."""
        if not self._started:
            self._screens.refresh()
        screen = self._screens.screen(self.rules.market.id)
        if isinstance(screen, Refusal):
            return screen
        # Two threads may both make one for a new version: either is as good.
        if self._guard is None or self._guard.screen is not screen:
            self._guard = Guard(screen=screen)
        return self._guard

    def guarded(self, variant: Variant, guard: Guard) -> Guard:
        """Return what screens *variant*: the words of *guard*, and the judges it was approved with.

        Raises:
            Tampered: a judge is not at the snapshot that was approved.
        """
        judges = variant.roles[1:]
        if not judges:
            return guard
        if self._judged is None or self._judged[:2] != (guard, judges):
            self._judged = (guard, judges, guarded(guard, self.pool, judges))
        return self._judged[2]

    @property
    def knows(self) -> bool:
        """Whether what this replica last saw of the store still holds."""
        return self.opened.clock() < self.gate.state.lease_ends

    @property
    def releases(self) -> tuple[Release, ...]:
        """The releases that have not ended, as this replica knows them."""
        return self.gate.state.record.releases

    def admit(
        self, feature: str, locale: str, context: Context, *, consented: bool = False
    ) -> tuple[Admission, Guard] | Refusal:
        """Say whether the gate lets a request in and there is something to screen it with."""
        found = self.gate.admit(feature, locale, context, consented=consented)
        if isinstance(found, Refusal):
            return found
        guard = self.guard
        if isinstance(guard, Refusal):
            return guard
        afforded = self._affordable(found)
        return afforded if isinstance(afforded, Refusal) else (afforded, guard)

    def off(self, feature: str, locale: str) -> Refusal | None:
        """Return why *feature* is off for everybody in *locale*; None where some device is let in."""
        state = self.gate.state
        refusal = off(state, feature, locale, self.opened.clock())
        if refusal is not None:
            return refusal
        guard = self.guard
        if isinstance(guard, Refusal):
            return guard
        variant = state.cells[feature, locale].variant
        return self.ceilings.refusal(variant.serving.partner, feature) if variant else None

    def _affordable(self, found: Admission) -> Admission | Refusal:
        """Hold whoever may answer to what may be spent on them."""
        feature = found.variant.feature
        spent = self.ceilings.refusal(found.variant.serving.partner, feature)
        if spent or not found.fallbacks:
            return spent or found
        left = tuple(
            one
            for one in found.fallbacks
            if self.ceilings.refusal(one.variant.serving.partner, feature) is None
        )
        return msgspec.structs.replace(found, fallbacks=left)

    def model(self, variant: Variant) -> Model:
        """Return the model that serves *variant*, hedged where the workspace says so.

        Raises:
            PratiqueError: it cannot be called as it was approved.
        """
        model = self.pool.model(variant.candidate, variant.serving.snapshot)
        percentile = self.settings.hedge_percentile
        if not percentile:
            return model
        found = self._hedged.get(model.name)
        if found is None:
            found = self._hedged[model.name] = Hedged(model, percentile)
        return found

    def without_key(self) -> list[str]:
        """Return a sentence for each released model whose partner would turn us away, keyless."""
        found = []
        for cell in self.gate.state.cells.values():
            if cell.variant is not None and cell.release.state == "on":
                try:
                    self.pool.require_key(self.pool.candidate(cell.variant.candidate))
                except Unavailable as error:
                    found.append(
                        f"`{cell.release.id}` cannot answer: {error.message}; {error.hint}"
                    )
                except NotFound:
                    pass  # its requests are told so
        return found

    def start(self) -> None:
        """Follow the store in the background, until `close`. Before, each request looks into it.

        Raises:
            PratiqueError: the store cannot be read, and no earlier state is known.
        """
        self.gate.start()
        self._screens.__enter__()
        self.pauses.start()
        self.ceilings.start()
        self.watcher.start()
        self.keyring.fresh = REFRESH_SECONDS
        self._started = True

    def close(self) -> None:
        """End the work in the background, keep the last counts, and send what signals are left."""
        self.watcher.close()
        self._screens.__exit__()
        self.pauses.close()
        self.ceilings.close()
        self.gate.close()
        self.telemetry.close()


Served = NamedDependency[Service]
"""How a handler asks for the service."""


def open_service(folder: Path, market: str) -> Service:
    """Return the service for *market* of the workspace in *folder*.

    Raises:
        PratiqueError: something in the workspace is missing or broken.
    """
    service = Service(Opened(open_workspace(folder), who="service"), market)
    service.start()
    return service
