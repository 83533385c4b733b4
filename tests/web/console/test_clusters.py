"""A verdict by clusters at the console."""

import pytest

from pratique.web.service import Service
from tests.assessment.test_clustering import assessed, made_clustered
from tests.web.console.conftest import Browser


def test_a_verdict_says_how_many_clusters_count(
    browser: Browser, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the samples that count."""
    found = assessed(made_clustered(service.opened), monkeypatch, lambda number: number % 2 == 0)
    browser.log_in("vera")
    for one in found.findings:
        assert one.grouping is not None
        page = browser.get(f"/console/verdict/{one.run_id}")
        assert page.status_code == 200
        count = len(one.grouping.sizes)
        assert f"They come in {count} of 26 clusters" in page.text
