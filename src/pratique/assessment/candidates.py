"""Candidates: the variants that a market's settings and content make up today."""

from collections.abc import Mapping, Sequence

import msgspec

from pratique.errors import NotAllowed, NotFound, names_near
from pratique.features.packs import Pack, find_packs, read_pack
from pratique.features.packs import packaged as packaged_features
from pratique.labels.policy import LabelPolicy, label_policy
from pratique.partners.catalogue import Candidate, Partner, find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.regimes.regime import load_regime
from pratique.serving.safeguards import safeguard_roles
from pratique.serving.variant import RoleModel, Variant, variant_of
from pratique.settings.workspace import Market, Workspace


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a market may offer: its packs, its models and every variant they make."""

    market: Market
    """The market's settings."""
    packs: tuple[Pack, ...]
    """The market's features."""
    candidates: tuple[Candidate, ...]
    """The models that can be tested here."""
    left_out: tuple[str, ...]
    """The models that cannot, each with the reason."""
    variants: tuple[Variant, ...]
    """Every feature in every locale by every model."""
    partners: Mapping[str, Partner]
    """Everybody in the catalogue, by id."""
    safeguards: tuple[RoleModel, ...]
    """Who judges every feature of the market."""

    def variant(self, feature: str, locale: str, candidate: str) -> Variant:
        """Return one of the variants.

        Raises:
            NotFound: there is none of that name.
        """
        for one in self.variants:
            if (one.feature, one.locale, one.candidate) == (feature, locale, candidate):
                return one
        raise NotFound(f"no variant of `{feature}` in `{locale}` by `{candidate}`")


def offer(workspace: Workspace, market_id: str) -> Offer:
    """Return what *market_id* may offer, as its files stand now.

    Raises:
        NotFound, Malformed: a file is missing or broken; nothing is left out in silence.
    """
    market = workspace.market(market_id)
    packs = read_packs(workspace, market.features)
    partners = read_partners(workspace.content("partners", packaged_partners()))
    named = [find_candidate(partners, name) for name in market.candidates]
    require_real(named, workspace)
    able = tuple(candidate for candidate in named if candidate.installed)
    policy = market_label_policy(workspace, market)
    safeguards = safeguard_roles(partners, market.safeguards)
    return Offer(
        market=market,
        packs=packs,
        candidates=able,
        left_out=tuple(
            f"`{one.name}` is left out: package `{one.model.package}` is not installed"
            for one in named
            if not one.installed
        ),
        variants=tuple(
            variant_of(pack, candidate, market.id, locale, policy, safeguards)
            for pack in packs
            for locale in market.locales
            for candidate in able
        ),
        partners=partners,
        safeguards=safeguards,
    )


def require_real(candidates: Sequence[Candidate], workspace: Workspace) -> None:
    """Refuse an invented partner outside a rehearsal.

    Raises:
        NotAllowed: names it.
    """
    invented = [one.name for one in candidates if one.partner.simulated]
    if invented and not workspace.configuration.rehearsal:
        raise NotAllowed(
            f"`{invented[0]}` is invented, and `{workspace.folder.name}` is no rehearsal",
            hint="take it out of `candidates` in `markets/*.toml`, or rehearse in a workspace of its own",
        )


def market_label_policy(workspace: Workspace, market: Market) -> LabelPolicy:
    """Return how answers in *market* are labelled: by its regime, with the producer's code."""
    return label_policy(load_regime(market.regime), workspace.configuration.producer.code)


def read_packs(workspace: Workspace, names: Sequence[str]) -> tuple[Pack, ...]:
    """Return the packs called *names*; one in the workspace stands before the product's own.

    Raises:
        NotFound: a name is not known.
    """
    folders = find_packs(workspace.content("features", packaged_features()))
    for name in names:
        if name not in folders:
            raise NotFound(f"no feature `{name}`", hint=names_near(name, folders))
    return tuple(read_pack(folders[name]) for name in names)
