"""The conformance kit against a real server: llama.cpp's own, with the embedded SmolLM2."""

import asyncio
from collections.abc import Iterator

import msgspec
import pytest
import xllamacpp

from pratique.partners.catalogue import Candidate, packaged, read_partners
from pratique.partners.conformance.kit import check_live
from pratique.partners.conformance.report import Report
from pratique.partners.dialect import Limits
from pratique.partners.embedded import weights
from pratique.settings.workspace import Access

PARTNERS = read_partners([packaged()])
SLOTS, CONTEXT = 2, 2048
"""Calls that the server answers at once, and tokens that each may hold."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server on a free port, as an operator would run one."""
    weight = next(one for one in PARTNERS["embedded"].models if one.id == "smollm2-135m")
    settings = xllamacpp.CommonParams()
    settings.model.path = str(weights(weight.package, weight.file, weight.snapshot))
    settings.n_ctx = SLOTS * CONTEXT
    settings.n_parallel = SLOTS
    settings.cpuparams.n_threads = 1
    settings.cpuparams_batch.n_threads = 1
    settings.warmup = False
    settings.verbosity = -1
    settings.port = 0
    settings.ui = False
    server = xllamacpp.Server(settings)
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture(scope="module")
def report(address: str, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report of one live run."""
    partner = PARTNERS["llamacpp"]
    entry = partner.models[0]
    model = msgspec.structs.replace(
        entry,
        id="smollm2-135m",
        about="SmolLM2-135M-Instruct on a server of one's own.",
        limits=Limits(context_tokens=CONTEXT, concurrency=SLOTS),
        capabilities=msgspec.structs.replace(entry.capabilities, thinking="never"),
    )
    candidate = Candidate(partner=partner, model=model)
    access = Access(base_url=address)
    folder = tmp_path_factory.mktemp("live")
    return asyncio.run(check_live(candidate, "CN", access, folder, lambda _: None))


def test_no_check_fails_against_a_real_server(report: Report) -> None:
    """The wire, the rules of the dialect and the kit hold where nothing is played."""
    failed = [(one.id, one.detail) for one in report.checks if one.status == "failed"]
    assert failed == []
    assert report.passed >= 55


def test_what_is_unsupported_is_the_models_or_the_servers_lack(report: Report) -> None:
    """A small model needs no functions, no eyes and no thoughts; everything else was tried."""
    expected = {
        *("prices-known", "prices-positive", "cost-counted", "rate-headers", "end-user"),
        *("wrong-key", "no-key", "key-kept", "unknown-model"),
    }
    wits = ("thinking-", "tools-", "picture", "schema-", "json-", "stream-and-on", "scenario-")
    lacking = {
        one.id
        for one in report.checks
        if one.status == "unsupported" and one.detail != "only the stand-in plays this"
    }
    assert {one for one in lacking if not one.startswith(wits)} <= expected | {
        *("stop", "stop-stream", "max-tokens", "max-tokens-stream", "plain-finish", "repeatable"),
        *("long-input",),
    }


def test_the_server_was_measured(report: Report, address: str) -> None:
    """What a live run establishes is the server's, under its own address."""
    found = report.capabilities
    assert found.against in address
    assert found.stream and found.usage and found.usage_in_stream and found.request_id
    assert found.thinking_off is True
    assert found.first_token_seconds is not None and found.total_seconds is not None


def test_a_picture_is_refused_and_not_tried_again(report: Report) -> None:
    """The server says so with HTTP 500; it would say it every time."""
    picture = next(one for one in report.checks if one.id == "picture")
    assert picture.status == "unsupported" and "`bad_request`" in picture.detail
    assert report.capabilities.pictures is False
