"""Signals: what the service tells of its requests, all of it from the allow-list."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from pratique import __version__
from pratique.errors import Unavailable
from pratique.features.checks import CHECKS
from pratique.features.packs import Pack
from pratique.partners.catalogue import Partner
from pratique.partners.pool import Pool
from pratique.rollout.gate import off
from pratique.rollout.state import GateState
from pratique.serving.answers import Answer
from pratique.serving.variant import Variant
from pratique.settings.workspace import Market, TelemetrySettings
from pratique.telemetry.allowed import Allowed, read_signals
from pratique.telemetry.calls import CallFacts
from pratique.telemetry.metrics import Reading
from pratique.telemetry.telemetry import Telemetry
from pratique.workspace.opened import Clock


def allowed_in(
    market: Market, packs: Mapping[str, Pack], partners: Mapping[str, Partner]
) -> Allowed:
    """Return the allow-list with the names of this market and of the catalogue."""
    return Allowed(
        read_signals(),
        {
            "features": frozenset(packs),
            "locales": frozenset(market.locales),
            "models": frozenset(f"{p.id}/{m.id}" for p in partners.values() for m in p.models),
            "partners": frozenset(partners),
            "markets": frozenset({market.id}),
            "checks": frozenset({"schema", "complete", *CHECKS}),
        },
    )


def telemetry_of(
    settings: TelemetrySettings,
    allowed: Allowed,
    pool: Pool,
    state: Callable[[], GateState],
    clock: Clock,
) -> Telemetry:
    """Return what tells of this process; spans go out where a collector is named.

    Raises:
        Unavailable: a collector is named, and what sends spans is not installed.
    """
    traces = None
    if settings.otlp:
        try:
            # An extra, and only who sends spans needs it.
            from pratique.telemetry.traces import Traces, otlp_exporter

            exporter = otlp_exporter(settings.otlp)
        except ImportError:
            raise Unavailable(
                "`[telemetry] otlp` names a collector, and the extra `traces` is not installed",
                hint="install `pratique[traces]`, or leave `otlp` out",
            ) from None
        traces = Traces(allowed, exporter, __version__, settings.share)
    return Telemetry(allowed, lambda: readings(pool, state(), clock()), traces)


def readings(pool: Pool, state: GateState, now: datetime) -> Iterable[Reading]:
    """Yield what is read when somebody asks for metrics: spend, and what the gate says of releases."""
    for (model, feature), spent in pool.spend.by_feature().items():
        for currency, amount in spent.amounts.items():
            yield "pratique_spend_total", (model, feature, currency), amount
    for cell in state.cells.values():
        release = cell.release
        on = off(state, release.feature, release.locale, now) is None
        labels = (release.feature, release.locale)
        yield "pratique_release_on", labels, float(on)
        yield "pratique_release_fraction", labels, release.user_fraction if on else 0.0


def facts_of(
    variant: Variant,
    release: str,
    status: str,
    found: Answer | None,
    *,
    seconds: float,
    first_piece: float | None = None,
) -> CallFacts:
    """Return what is told of one request that *variant* answered under *release*.

    *found* is None where the client went away before its end.
    """
    return CallFacts(
        feature=variant.feature,
        locale=variant.locale,
        partner=variant.serving.partner,
        model=variant.candidate,
        release=release,
        status=status,
        reply=found.reply if found else "",
        started=time.time() - seconds,
        seconds=seconds,
        first_piece_seconds=first_piece,
        input_tokens=found.usage.input_tokens if found else 0,
        output_tokens=found.usage.output_tokens if found else 0,
        failed_checks=tuple(one.id for one in found.checks if not one.passed) if found else (),
        screened=_SCREENED.get(found.reason, ()) if found else (),
    )


_SCREENED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "input_screened": (("input", "stop"),),
    "output_screened": (("output", "stop"),),
}
