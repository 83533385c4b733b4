"""What the service tells of its requests: all that matters, and nothing else."""

from pathlib import Path
from typing import get_args

import pytest

from pratique.errors import Malformed
from pratique.people.api_keys import issue
from pratique.rollout.halts import Scope
from pratique.rollout.steps import order_halt
from pratique.settings.workspace import open_workspace
from pratique.telemetry.allowed import read_signals
from pratique.web.problems import Code
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.web.test_api import BODY, PATH, Client, approve, client, digest, release, rules

__all__ = ["approve", "client", "digest", "release", "rules"]


def metrics(client: Client) -> str:
    """Return what Prometheus reads."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return answer.text


@pytest.mark.usefixtures("release")
def test_an_answer_is_counted_whole_or_streamed(client: Client) -> None:
    """With the release beside it: on, and for how many."""
    client.post(PATH, json=BODY)
    client.post(PATH, json=BODY, headers={"Accept": "text/event-stream"})
    told = metrics(client)
    labels = 'feature="summarize",locale="en",model="embedded/rules"'
    assert f'pratique_requests_total{{{labels},status="ok"}} 2.0' in told
    assert 'pratique_release_on{feature="summarize",locale="en"} 1.0' in told
    assert "pratique_streams_open 0.0" in told and "pratique_unaudited_total 0.0" in told


def test_a_refusal_is_counted_by_its_reason_and_by_known_names_alone(client: Client) -> None:
    """Whatever stands in a path or a body becomes no label."""
    client.post(PATH, json=BODY)
    client.post("/v1/features/of_mine", json=BODY)
    client.post(PATH, json=BODY | {"locale": "xx-mine"})
    told = metrics(client)
    known = 'feature="summarize",locale="en"'
    assert f'pratique_refusals_total{{{known},reason="not_approved"}} 1.0' in told
    assert 'feature="",locale="en",reason="unknown_feature"} 1.0' in told
    assert 'feature="summarize",locale="",reason="unsupported_locale"} 1.0' in told
    assert "mine" not in told


def test_every_problem_has_its_place_on_the_list() -> None:
    """Else it would be told as `unaudited`."""
    assert set(get_args(Code)) <= set(read_signals().fields["reason"].one_of)


@pytest.mark.usefixtures("release")
def test_names_that_the_service_makes_have_the_shape_that_the_list_gives_them(
    client: Client, opened: Opened
) -> None:
    """Releases and requests, in spans and in the log."""
    found = client.post(PATH, json=BODY).json()
    service = Service(opened, "CN")
    allowed = service.telemetry.allowed
    assert allowed.holds("release", found["release"])
    assert allowed.holds("request_id", found["request_id"])
    assert allowed.holds("request_id", client.get("/health/live").headers["x-request-id"])
    assert not allowed.holds("release", "what I wrote")


def test_metrics_are_for_operators_where_there_are_keys(client: Client, opened: Opened) -> None:
    """They tell how much is asked of whom."""
    with opened.database.begin() as connection:
        _, device = issue(connection, "phone", ["device"], opened.clock())
        _, operator = issue(connection, "watch", ["operator"], opened.clock())
    refused = client.get("/metrics", headers={"Authorization": f"Bearer {device}"})
    assert refused.status_code == 403
    ours = {"Authorization": f"Bearer {operator}"}
    assert client.get("/metrics", headers=ours).status_code == 200


@pytest.mark.parametrize("line", ["[telemetry]\nshare = 2", "[watch]\nhours = -1"])
def test_settings_out_of_bounds_are_refused(opened: Opened, line: str) -> None:
    """By their names."""
    path: Path = opened.workspace.folder / "pratique.toml"
    path.write_text(f"{path.read_text()}\n{line}\n")
    with pytest.raises(Malformed, match=line.partition("\n")[0].strip("[]")):
        open_workspace(opened.workspace.folder)


@pytest.mark.usefixtures("release")
def test_a_release_that_an_order_stops_is_told_as_off(client: Client, opened: Opened) -> None:
    """The dashboard says what the gate says."""
    order_halt(opened, "CN", Scope(feature="summarize"), "drill")
    assert client.post(PATH, json=BODY).json()["code"] == "feature_halted"
    told = metrics(client)
    assert 'pratique_release_on{feature="summarize",locale="en"} 0.0' in told
    assert 'pratique_release_fraction{feature="summarize",locale="en"} 0.0' in told
