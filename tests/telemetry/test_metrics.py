"""Metrics hold what is on the list, and nothing else."""

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.telemetry.allowed import Allowed, read_signals
from pratique.telemetry.calls import CallFacts
from pratique.telemetry.dashboard import DASHBOARD
from pratique.telemetry.metrics import Metrics, Reading
from pratique.telemetry.telemetry import Telemetry

ALLOWED = Allowed(
    read_signals(),
    {
        "features": frozenset({"proofread"}),
        "locales": frozenset({"en"}),
        "models": frozenset({"embedded/rules"}),
        "partners": frozenset({"embedded"}),
        "checks": frozenset({"language"}),
    },
)


def facts(**changes: object) -> CallFacts:
    """An answered request, with *changes*."""
    about: dict[str, object] = {
        "feature": "proofread",
        "locale": "en",
        "partner": "embedded",
        "model": "embedded/rules",
        "release": "CN-proofread-en-1",
        "status": "ok",
        "reply": "ok",
        "started": 1_800_000_000.0,
        "seconds": 0.2,
        "input_tokens": 7,
        "output_tokens": 5,
    }
    return CallFacts(**(about | changes))  # type: ignore[arg-type]


def test_a_request_is_counted_by_feature_locale_model_and_status() -> None:
    """Whoever runs the service sees how much of what became what."""
    telemetry = Telemetry(ALLOWED)
    telemetry.answered(facts())
    telemetry.answered(facts(status="invalid", failed_checks=("language",)))
    told = telemetry.metrics.exposition().decode()
    series = 'pratique_requests_total{feature="proofread",locale="en",model="embedded/rules"'
    assert f'{series},status="ok"}} 1.0' in told
    assert f'{series},status="invalid"}} 1.0' in told
    assert 'pratique_checks_failed_total{check="language",feature="proofread"} 1.0' in told
    assert (
        'pratique_tokens_total{direction="input",feature="proofread",model="embedded/rules"} 14.0'
        in told
    )
    assert "pratique_unaudited_total 0.0" in told


@given(st.text(min_size=8, max_size=60))
def test_a_value_that_is_not_listed_never_shows(text: str) -> None:
    """Whatever ends up in a label by mistake: it is put aside and counted."""
    token = "leak-" + text
    telemetry = Telemetry(ALLOWED)
    telemetry.answered(facts(model=token, status=token, reply=token, failed_checks=(token,)))
    telemetry.refused(token, token, token)
    told = telemetry.metrics.exposition().decode()
    assert "leak-" not in told
    assert 'status="unaudited"' in told
    counted = re.findall(r"^pratique_unaudited_total (\S+)$", told, re.MULTILINE)
    assert float(counted[0]) > 0


def test_what_is_read_on_demand_is_held_to_the_list_too() -> None:
    """Spend and releases are read when a scraper asks."""

    def readings() -> Iterator[Reading]:
        yield "pratique_spend_total", ("embedded/rules", "proofread", "CNY"), 1.5
        yield "pratique_release_on", ("proofread", "leak"), 1.0

    told = Metrics(ALLOWED, readings).exposition().decode()
    spent = 'pratique_spend_total{currency="CNY",feature="proofread",model="embedded/rules"} 1.5'
    assert spent in told
    assert "leak" not in told


def test_a_label_that_is_of_no_closed_set_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A metric by request id would grow without end, and tell of single people."""
    path = tmp_path_factory.mktemp("list") / "signals.toml"
    path.write_text(
        '[fields.request_id]\nabout = "x"\npattern = "req-.*"\n'
        '[metrics.m]\nkind = "counter"\nabout = "x"\nlabels = ["request_id"]\n[logs]\n'
    )
    with pytest.raises(ValueError, match="closed set"):
        read_signals(path)


def test_every_picture_of_the_dashboard_asks_for_metrics_that_exist() -> None:
    """A panel without data is found here, not at night."""
    dashboard = json.loads(DASHBOARD.read_text())
    asked = set(re.findall(r"pratique_[a-z_]+", json.dumps(dashboard["panels"])))
    made = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked}
    listed = read_signals().metrics
    assert made and made <= set(listed)
    assert {"pratique_requests_total", "pratique_spend_total", "pratique_release_on"} <= made
