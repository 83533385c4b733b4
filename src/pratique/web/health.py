"""Health, and what this service says of itself."""

from typing import Literal

import msgspec
from litestar import Response, get

from pratique import __version__
from pratique.labels.disclosure import Disclosure
from pratique.rollout.disclosed import disclosures
from pratique.rollout.gate import Reason
from pratique.rollout.releases import Release
from pratique.telemetry.metrics import CONTENT_TYPE
from pratique.web.access import scopes
from pratique.web.problems import Asked, Problem
from pratique.web.service import Served, Service


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the service is well."""

    status: str
    """`ok`."""


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """One release of this service."""

    release: str
    """Release."""
    feature: str
    """Feature."""
    locale: str
    """Locale."""
    digest: str
    """Digest of the frozen variant."""
    state: Literal["on", "off"]
    """Whether the gate lets some device in now."""
    reason: Reason | None
    """Why it is off, as availability tells it."""
    disclosure: Disclosure | None
    """What its users must be able to see of the model; None where it cannot be served."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What this service is and what it runs."""

    version: str
    """Version of the product."""
    market: str
    """Market."""
    regime: str
    """Rules."""
    rehearsal: bool
    """Whether approvals here are for practice."""
    keys: tuple[str, ...]
    """Ids of the keys that sign for this workspace."""
    releases: tuple[Running, ...]
    """Releases that have not ended."""


@get("/health/live")
async def live() -> Health:
    """Answer whenever the process can."""
    return Health(status="ok")


@get("/health/ready")
async def ready(service: Served) -> Health:
    """Answer when new requests are taken: the store can be read, or the last state still holds."""
    if service.gatekeeper.draining:
        raise Problem(
            "shutting_down", "this server takes no new request", "ask another", retry_after=1
        )
    if not service.knows:
        raise Problem(
            "partner_unavailable",
            "the store does not answer, and the lease of what was last known has ended",
            "ask another server",
            retry_after=1,
        )
    return Health(status="ok")


@get("/metrics", media_type=CONTENT_TYPE)
async def metrics(request: Asked, service: Served) -> Response[bytes]:
    """Return what Prometheus reads, to an operator."""
    if "operator" not in scopes(service, request):
        raise Problem(
            "forbidden",
            "metrics need an operator's key",
            "ask for a key with the scope `operator`",
        )
    return Response(service.telemetry.metrics.exposition(), media_type=CONTENT_TYPE)


@get("/.well-known/pratique")
async def manifest(service: Served) -> Manifest:
    """Say which releases run here, by digest, whether they are on, and what their users must see."""
    with service.opened.database.connect() as connection:
        running = disclosures(connection, service.rules, service.opened.clock())
    return Manifest(
        version=__version__,
        market=service.rules.market.id,
        regime=service.rules.market.regime,
        rehearsal=service.rules.rehearsal,
        keys=tuple(service.opened.public_keys),
        releases=tuple(_running(service, one, shown) for one, shown in running.values()),
    )


def _running(service: Service, release: Release, shown: Disclosure | None) -> Running:
    refusal = service.off(release.feature, release.locale)
    return Running(
        release=release.id,
        feature=release.feature,
        locale=release.locale,
        digest=release.digest,
        state="off" if refusal else "on",
        reason=refusal.reason if refusal else None,
        disclosure=shown,
    )
