"""Judges in the role `safeguard`: part of a variant, and so of what was approved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pratique.errors import NotAllowed, Tampered
from pratique.partners.catalogue import Partner, find_candidate
from pratique.partners.pool import Pool
from pratique.partners.safeguards.clouds import CLOUDS
from pratique.partners.safeguards.embedded import EmbeddedJudge, version
from pratique.partners.safeguards.llamaguard import LlamaGuard
from pratique.partners.safeguards.qwen3guard import Qwen3Guard
from pratique.screening.safeguard import Judge
from pratique.serving.guard import Guard
from pratique.serving.variant import RoleModel

EMBEDDED = EmbeddedJudge.name
"""The classifier that runs inside the process; it is in no catalogue."""


def safeguard_roles(partners: Mapping[str, Partner], names: Sequence[str]) -> tuple[RoleModel, ...]:
    """Return the roles of the judges called *names*, in that order.

    Raises:
        NotFound: there is no such model.
        NotAllowed: it answers and does not judge.
    """
    return tuple(_role(partners, name) for name in names)


def _role(partners: Mapping[str, Partner], name: str) -> RoleModel:
    if name == EMBEDDED:
        partner, _, model = name.partition("/")
        return RoleModel(
            role="safeguard",
            partner=partner,
            model=model,
            snapshot=version(),
            weights="self_hosted",
        )
    if name in CLOUDS:
        partner, _, model = name.partition("/")
        return RoleModel(
            role="safeguard",
            partner=partner,
            model=model,
            snapshot=CLOUDS[name].version,
            weights="unmodified_api",
        )
    found = find_candidate(partners, name)
    if not found.model.judges:
        raise NotAllowed(
            f"`{name}` answers, and is no safeguard",
            hint=f"`{EMBEDDED}`, or a model whose entry says in `judges` what format it judges in",
        )
    return RoleModel(
        role="safeguard",
        partner=found.partner.id,
        model=found.model.id,
        snapshot=found.model.snapshot,
        weights=found.model.weights,
    )


def guarded(guard: Guard, pool: Pool, roles: Sequence[RoleModel]) -> Guard:
    """Return *guard* with the judges among *roles* of a variant, connected by *pool*.

    Raises:
        Tampered: a judge is not at the snapshot that its role names.
        NotFound, NotAllowed, Unavailable: as `Pool.model`.
    """
    judges = tuple(_judge(pool, one) for one in roles if one.role == "safeguard")
    return replace(guard, safeguards=judges) if judges else guard


def _judge(pool: Pool, role: RoleModel) -> Judge:
    name = f"{role.partner}/{role.model}"
    if name == EMBEDDED:
        if version() != role.snapshot:
            raise Tampered(
                f"`{name}` is at `{version()}`, not `{role.snapshot}`",
                hint="assess and file the variant with the classifier that is installed now",
            )
        return EmbeddedJudge()
    if name in CLOUDS:
        if CLOUDS[name].version != role.snapshot:
            raise Tampered(
                f"`{name}` is called as `{CLOUDS[name].version}`, not `{role.snapshot}`",
                hint="assess and file the variant with the interface that is called now",
            )
        return pool.moderation(name)
    model = pool.model(name, role.snapshot)
    judges = pool.candidate(name).model.judges
    if judges == "qwen3guard":
        return Qwen3Guard(model, role.snapshot)
    if judges == "llamaguard":
        return LlamaGuard(model, role.snapshot)
    raise NotAllowed(f"`{name}` answers, and is no safeguard", hint="correct its entry's `judges`")
