"""The models that one process has connected, each once."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pratique.errors import NotFound, Tampered, Unavailable, names_near
from pratique.partners.catalogue import Candidate, Partner, find_candidate
from pratique.partners.contract import Model, Usage
from pratique.partners.remote.inventory import listed_at
from pratique.partners.remote.model import RemoteModel
from pratique.partners.remote.place import Place, key_of, region_for, require_offered
from pratique.partners.remote.single import SingleTry
from pratique.partners.safeguards.cloud import CloudJudge
from pratique.partners.safeguards.clouds import cloud_judge
from pratique.partners.spend import Spend, cost, price_of
from pratique.settings.workspace import Access


class Pool:
    """Connects the models of one market when they are first asked for, and keeps them.

    Models of a partner share its connections, its key and its breaker.
    """

    def __init__(
        self,
        partners: Mapping[str, Partner],
        market: str,
        *,
        accesses: Mapping[str, Access] | None = None,
        folder: Path | None = None,
        retries: bool = True,
    ) -> None:
        """Connect *partners* in *market*; without *retries* each call goes out once, come what may."""
        self._partners = partners
        self._remote = RemoteModel if retries else SingleTry
        self._market = market
        self._accesses = accesses or {}
        self._folder = folder or Path()
        self._models: dict[str, Model] = {}
        self._approved: dict[tuple[str, str], Model] = {}
        self._places: dict[str, Place] = {}
        self._clouds: dict[str, CloudJudge] = {}
        self.spend = Spend()

    def model(self, name: str, snapshot: str) -> Model:
        """Return the model called *name*, which must be at *snapshot*.

        Raises:
            NotFound: no partner offers it any more.
            Tampered: the catalogue has it at another snapshot: not what was approved.
            Unavailable: a package that it needs is not installed.
            NotAllowed: its partner has no region for this market.
        """
        known = self._approved.get((name, snapshot))
        if known is not None:
            return known
        candidate = find_candidate(self._partners, name)
        if candidate.model.snapshot != snapshot:
            raise Tampered(
                f"`{name}` is at snapshot `{candidate.model.snapshot}`, not `{snapshot}`",
                hint="assess and file the new snapshot; until it is approved the feature is off",
            )
        found = self._approved[name, snapshot] = self.connected(candidate)
        return found

    def candidate(self, name: str) -> Candidate:
        """Return what the catalogue says of the model called *name*.

        Raises:
            NotFound: no partner offers it.
        """
        return find_candidate(self._partners, name)

    def cost(self, name: str, usage: Usage) -> float | None:
        """Return what *usage* of the model called *name* costs now, in its own currency.

        None where no price is known; models that run in this process cost nothing a call.

        Raises:
            NotFound: no partner offers it.
        """
        model = self.candidate(name).model
        if not model.prices:
            return 0.0 if model.engine in ("rules", "llama", "ocr") else None
        price = price_of(model.prices, usage.input_tokens, datetime.now(UTC))
        return None if price is None else cost(price, usage)

    def connected(self, candidate: Candidate) -> Model:
        """Return the model of *candidate*, ready to be called.

        Raises:
            Unavailable: a package that it needs is not installed.
            NotAllowed: its partner has no region for this market.
        """
        if candidate.name not in self._models:
            self._models[candidate.name] = self._connect(candidate)
        return self._models[candidate.name]

    def require_key(self, candidate: Candidate) -> None:
        """Refuse a *candidate* whose partner has no key here, and takes none without.

        Raises:
            Unavailable: says where a key is looked for.
        """
        if candidate.model.engine == "remote":
            access = self._accesses.get(candidate.partner.id, Access())
            key_of(candidate.partner, access, self._folder).header()

    def require_keys(self, candidates: Iterable[Candidate]) -> None:
        """Refuse *candidates* whose partners have no key here: all of them in one error.

        Raises:
            Unavailable: names each partner, and where its key is looked for.
        """
        missing: dict[str, Unavailable] = {}
        for one in candidates:
            try:
                self.require_key(one)
            except Unavailable as error:
                missing[one.partner.id] = error
        if missing:
            raise Unavailable(
                "; ".join(error.message for error in missing.values()),
                hint="; ".join(error.hint for error in missing.values())
                + "; or leave those candidates out of `markets/*.toml`",
            )

    async def listed(self, partner: str) -> frozenset[str]:
        """Return the models that *partner*'s server lists now, as its wire calls them.

        Raises:
            NotFound: there is no such partner.
            Unavailable: it has no server, no key, or gave no list.
            NotAllowed: it has no region for this market.
        """
        found = self._partners.get(partner)
        if found is None:
            raise NotFound(f"no partner `{partner}`", hint=names_near(partner, self._partners))
        if not found.wire:
            raise Unavailable(f"`{partner}` runs inside the process: it lists nothing")
        return await listed_at(self._place(found))

    def moderation(self, name: str) -> CloudJudge:
        """Return the moderation service called *name*, connected once.

        `[partners.PARTNER-moderation] base_url` of the workspace names another address for it.

        Raises:
            Unavailable: its key is not set.
        """
        if name not in self._clouds:
            access = self._accesses.get(f"{name.partition('/')[0]}-moderation", Access())
            self._clouds[name] = cloud_judge(name, access.base_url)
        return self._clouds[name]

    async def close(self) -> None:
        """Close every connection."""
        for judge in self._clouds.values():
            await judge.close()
        for place in self._places.values():
            await place.wire.close()

    def _connect(self, candidate: Candidate) -> Model:
        if not candidate.installed:
            raise Unavailable(
                f"`{candidate.name}` needs the package `{candidate.model.package}`, which is not installed",
                hint="`make setup` installs it, or leave the candidate out of `markets/*.toml`",
            )
        if candidate.model.engine == "remote":
            place = self._place(candidate.partner)
            require_offered(candidate, place.region)
            return self._remote(candidate, place, self.spend)
        return _inside(candidate)

    def _place(self, partner: Partner) -> Place:
        if partner.id not in self._places:
            access = self._accesses.get(partner.id, Access())
            region = region_for(partner, self._market, access)
            self._places[partner.id] = Place(partner, region, access, self._folder)
        return self._places[partner.id]


def _inside(candidate: Candidate) -> Model:
    """Return a model that runs inside the process.

    Each engine is loaded by whoever has such a model: all of them take a third of a start.
    """
    match candidate.model.engine:
        case "llama":
            from pratique.partners.embedded import LlamaModel

            return LlamaModel(candidate)
        case "ocr":
            from pratique.partners.ocr.model import OcrModel

            return OcrModel(candidate)
        case "simulated":
            from pratique.partners.simulated import SimulatedModel

            return SimulatedModel(candidate)
        case _:
            from pratique.partners.ruled import RulesModel

            return RulesModel(candidate)
