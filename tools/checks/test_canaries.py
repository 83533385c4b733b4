"""Privacy that can be shown: unique tokens go through everything, then everything is searched.

A real service, every feature and locale, every field of text, what is answered and what fails. Then
its database, log, metrics, spans, temporary files, home and crash output are searched for the
tokens, as they are, encoded and hashed. A service with a leak planted in it must be found out.
"""

import base64
import hashlib
import http.client
import json
import re
import secrets
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
from daachorse import CharwiseDoubleArrayAhoCorasick

from pratique.cli.output import say
from pratique.partners.standins.scenarios import Expected, Scenario, read_scenarios
from pratique.partners.standins.server import Seen
from pratique.people.consents import FIELD, Consent, content_of, issue_consent
from tools.checks.canary_shop import CLIENT, PACKS, RunningService, Shop, rules_of, service, shop

RUN = "kX" + secrets.token_hex(6)
"""What every token of this run begins with."""


class Tokens:
    """Makes tokens and remembers them."""

    def __init__(self, kind: str) -> None:
        self._begin = f"{RUN}{kind}"
        self.made: list[str] = []

    def __call__(self) -> str:
        """Return a new token."""
        self.made.append(f"{self._begin}{len(self.made):05d}{secrets.token_hex(3)}")
        return self.made[-1]


CONTENT, CLIENT_SIDE = Tokens("c"), Tokens("h")
"""Tokens of what users wrote, and of who asks: the latter must not reach a partner either."""


def traces_of(text: str) -> list[bytes]:
    """Return what *text* may look like where it must not be: plain, encoded, hashed."""
    data = text.encode()
    found = [data, text.encode("utf-16-le"), data.hex().encode(), data[::-1]]
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + data)[2 * shift : -4]
        found += [coded, coded.replace(b"+", b"-").replace(b"/", b"_")]
    return [one for one in found if len(one) >= 8]


def hashes_of(text: str) -> list[bytes]:
    """Return the usual hashes of *text*."""
    return [
        form
        for kind in ("md5", "sha1", "sha256", "blake2b")
        for form in (
            hashlib.new(kind, text.encode()).digest(),
            hashlib.new(kind, text.encode()).hexdigest().encode(),
        )
    ]


class Search:
    """Finds the tokens of this run in bytes: their common beginning, and every hash of each."""

    def __init__(self, tokens: list[str]) -> None:
        plain = dict.fromkeys(traces_of(RUN), RUN)
        hashed = {form: f"a hash of {one}" for one in tokens for form in hashes_of(one)}
        self._names = list((plain | hashed).values())
        # Latin-1 gives each byte a character of its own.
        keys = [form.decode("latin-1") for form in plain | hashed]
        self._finder = CharwiseDoubleArrayAhoCorasick(keys)

    def hits(self, data: bytes) -> list[str]:
        """Return what is in *data*."""
        found = self._finder.find_overlapping(data.decode("latin-1"))
        return sorted({self._names[number] for _, _, number in found})


def written(found: Shop) -> Iterator[tuple[str, bytes]]:
    """Yield everything that the service left anywhere: each file of its place, and its spans."""
    for path in sorted(found.place.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(found.place)), path.read_bytes()
    yield "spans", b"\n".join(found.collector.taken)


def leaks(found: Shop, metrics: bytes) -> dict[str, list[str]]:
    """Return where a token is, by place."""
    search = Search(CONTENT.made + CLIENT_SIDE.made)
    places = [*written(found), ("/metrics", metrics)]
    return {name: seen for name, data in places if (seen := search.hits(data))}


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Shop]:
    """A market in which everything is on."""
    with shop(tmp_path) as made:
        yield made


def headers() -> dict[str, str]:
    """Return headers of a client that says much of itself."""
    return {
        "User-Agent": CLIENT_SIDE(),
        "X-Forwarded-For": f"203.0.113.7, {CLIENT_SIDE()}",
        "Forwarded": f"for={CLIENT_SIDE()}",
        "Cookie": f"session={CLIENT_SIDE()}",
        "X-Client-Request-Id": CLIENT_SIDE(),
        "Idempotency-Key": CLIENT_SIDE(),
        "Accept-Language": CLIENT_SIDE(),
        "Referer": f"https://{CLIENT_SIDE()}.example/",
        "traceparent": f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01",
        "tracestate": f"shop={CLIENT_SIDE()}",
        "baggage": f"user={CLIENT_SIDE()}",
        "X-Device-Id": CLIENT_SIDE(),
        "Pratique-Deadline": "20",
    }


def context() -> dict[str, str]:
    """Return a device of the market, with a name of its own."""
    return {
        "device_region": "CN",
        "account_region": "CN",
        "app_category": "mail",
        "targeting_key": CLIENT_SIDE(),
    }


def marked(value: object, mark: Callable[[str], str]) -> object:
    """Return *value* with every text in it marked."""
    if isinstance(value, str):
        return mark(value)
    if isinstance(value, list):
        return [marked(one, mark) for one in value]
    if isinstance(value, dict):
        return {name: marked(one, mark) for name, one in value.items()}
    return value


def places(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Yield where a text is in *value*."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from places(one, (*path, number))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from places(one, (*path, name))


def with_token(value: object, path: tuple[object, ...]) -> object:
    """Return *value* with a token in the text at *path*."""
    if not path:
        return f"{value} {CONTENT()}"
    step, *rest = path
    if isinstance(value, list):
        return [with_token(one, tuple(rest)) if n == step else one for n, one in enumerate(value)]
    assert isinstance(value, dict)
    return {n: with_token(one, tuple(rest)) if n == step else one for n, one in value.items()}


def inputs(feature: str, locale: str) -> Iterator[dict[str, object]]:
    """Yield inputs with tokens: in all texts that may hold one, and in each of the others alone."""
    pack = PACKS[feature]
    whole: object = dict(pack.file.example[locale])
    valid = jsonschema_rs.validator_for(pack.input_schema).is_valid
    for path in list(places(whole)):
        with_one = with_token(whole, path)
        assert isinstance(with_one, dict)
        # A token in a picture's bytes breaks it: it goes alone.
        if valid(with_one) and "image" not in path:
            whole = with_one
        else:
            yield with_one
    assert isinstance(whole, dict)
    yield whole


def features_of(found: Shop, running: RunningService) -> Counter[str]:
    """Ask every feature in every locale, whole and streamed; return what it came to."""
    seen: Counter[str] = Counter()
    for feature, pack in PACKS.items():
        for locale in pack.locales:
            for given in inputs(feature, locale):
                for accept in ("application/json", "text/event-stream"):
                    device = context()
                    asked = dict(given)
                    if pack.file.role == "extend":
                        asked[FIELD] = consent(found, feature, device, given)
                    body = {"input": asked, "locale": locale, "context": device}
                    status, answer = running.ask(
                        "POST",
                        f"/v1/features/{feature}",
                        json.dumps(body, ensure_ascii=False).encode(),
                        headers() | {"Accept": accept},
                    )
                    seen[came_to(status, answer)] += 1
    return seen


def consent(
    found: Shop, feature: str, device: Mapping[str, str], given: Mapping[str, object]
) -> str:
    """Return the user's consent to send *given*."""
    one = Consent(
        feature=feature,
        targeting_key=device["targeting_key"],
        content=content_of(given),
        expires=found.opened.clock() + timedelta(minutes=5),
    )
    return issue_consent(found.opened.key, one)


def came_to(status: int, answer: bytes) -> str:
    """Return what an answer says of itself."""
    named = re.findall(rb'"(?:status|code)":"([a-z_]+)"', answer)
    return named[-1].decode() if named else str(status)


def others(running: RunningService) -> None:
    """Ask at every other address, rightly and wrongly."""
    device = context()
    query = "&".join(f"{name}={value}" for name, value in device.items())
    for path in (
        f"/v1/features/summarize/availability?locale=en&{query}",
        f"/v1/features/{CONTENT()}/availability?locale={CONTENT()}&{query}",
        f"/v1/models/{CONTENT()}",
        f"/metrics?q={CONTENT()}",
        f"/console?q={CONTENT()}",
        f"/{CONTENT()}",
        f"/health/ready?{CONTENT()}",
    ):
        running.ask("GET", path, headers=headers())
    said = [{"role": "user", "content": CONTENT(), "name": CONTENT()}]
    talk = {"model": "summarize", "messages": said, "user": CLIENT_SIDE(), "metadata": device}
    flags = {"context": {"targetingKey": CLIENT_SIDE(), "email": CLIENT_SIDE()} | device}
    for path, body in (
        ("/v1/chat/completions", talk | {"metadata": device | {"locale": "en"}}),
        ("/v1/chat/completions", talk | {"stream": True, "metadata": device | {"locale": "en"}}),
        ("/v1/chat/completions", talk | {"model": CONTENT()}),
        ("/v1/chat/completions", {"messages": CONTENT()}),
        ("/v1/feedback", {"request_id": CONTENT(), "reason": "helpful"}),
        ("/v1/feedback", {"request_id": "req-1", "reason": CONTENT()}),
        ("/ofrep/v1/evaluate/flags", flags),
        (f"/ofrep/v1/evaluate/flags/{CONTENT()}", flags),
        (f"/v1/features/{CONTENT()}", {"input": {}, "locale": "en", "context": device}),
        ("/v1/features/summarize", {"input": {"text": CONTENT()}, "locale": CONTENT()}),
        ("/v1/features/summarize", {CONTENT(): CONTENT()}),
    ):
        running.ask("POST", path, json.dumps(body).encode(), headers())
    for raw in (
        f'{{"input": "{CONTENT()}'.encode(),
        CONTENT().encode() + b"\xff\xfe",
        b"[" * 100_000 + CONTENT().encode(),
        CONTENT().encode() * 600_000,
    ):
        # Of what is too large the service stops reading, as it should.
        with suppress(BrokenPipeError, ConnectionResetError):
            running.ask("POST", "/v1/features/summarize", raw, headers())
    running.ask("POST", "/v1/features/summarize", b"{}", {"Content-Type": CONTENT()})
    running.ask("POST", "/v1/models", b"{}", {"Authorization": f"Bearer {CLIENT_SIDE()}"})
    running.ask("POST", "/v1/models", b"{}", {"Pratique-Device-Token": CLIENT_SIDE()})


def summary(
    running: RunningService, *, streamed: bool, locale: str = "en", also: str = ""
) -> tuple[int, bytes]:
    """Ask for a summary of a text with a token in it."""
    given = dict(PACKS["summarize"].file.example[locale])
    given["text"] = f"{given['text']}{also}"
    body = {"input": with_token(given, ("text",)), "locale": locale, "context": context()}
    accept = "text/event-stream" if streamed else "application/json"
    own = {"Accept": accept, "Pratique-Deadline": "1"}
    return running.ask("POST", "/v1/features/summarize", json.dumps(body).encode(), headers() | own)


def echoing(seen: Seen, status: int) -> Scenario:
    """Return an error of a partner that quotes what it was asked, as some do."""
    body = {"error": {"code": "invalid_parameter", "message": json.dumps(seen.body)}}
    return Scenario(
        id="quotes",
        about="Quotes the request.",
        certainty="inferred",
        mode="both",
        http=status,
        body=msgspec.Raw(json.dumps(body).encode()),
        expect=Expected(cause="bad_request", status="bad_request", retry="never"),
    )


UNLAWFUL = "考试答案考前出售"
"""Words that the starter pack stops."""


def screened(running: RunningService) -> None:
    """Let our own screening stop an input."""
    for streamed in (False, True):
        status, answer = summary(running, streamed=streamed, locale="zh-Hans", also=UNLAWFUL)
        assert (status, came_to(status, answer)) == (200, "blocked")


def troubles(found: Shop, running: RunningService) -> Counter[str]:
    """Let the partner of `summarize` do everything that a partner may do, one of each kind."""
    partner = next(one for one in found.partners if one.stand_in.dialect == PARTNER)
    seen: Counter[str] = Counter()
    kinds: set[object] = set()
    for name, scenario in read_scenarios(PARTNER).items():
        for streamed in (False, True):
            kind = (
                scenario.expect.cause,
                scenario.expect.retract,
                scenario.http,
                scenario.end,
                bool(scenario.events),
                streamed,
            )
            fits = scenario.mode in ("both", "stream" if streamed else "plain")
            if fits and kind not in kinds:
                kinds.add(kind)
                before = len(partner.seen)
                partner.stand_in.choose = lambda _, name=name: name
                seen[came_to(*summary(running, streamed=streamed))] += 1
                assert len(partner.seen) > before, f"`{name}` was not played"
                # One good answer in between, so that the breaker does not spare us the next.
                partner.stand_in.choose = None
                summary(running, streamed=False)
    for status in (400, 422, 500):
        for streamed in (False, True):
            partner.stand_in.choose = lambda asked, status=status: echoing(asked, status)
            seen[came_to(*summary(running, streamed=streamed))] += 1
    partner.stand_in.choose = None
    return seen


PARTNER = "deepseek" if list(PACKS).index("summarize") % 2 == 0 else "alibaba"


def given_up(found: Shop, running: RunningService, times: int) -> None:
    """Open streams and go away in the midst of them."""
    for partner in found.partners:
        partner.stand_in.pace = 0.2
    for _ in range(times):
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        given = dict(PACKS["summarize"].file.example["en"])
        body = {"input": with_token(given, ("text",)), "locale": "en", "context": context()}
        connection.request(
            "POST",
            "/v1/features/summarize",
            json.dumps(body).encode(),
            headers() | {"Accept": "text/event-stream", "Content-Type": "application/json"},
        )
        connection.getresponse().read(40)
        connection.close()
    for partner in found.partners:
        partner.stand_in.pace = 0.0


def test_no_token_of_any_user_is_anywhere(found: Shop) -> None:
    """Through every feature, field, success and failure; and no client is known to a partner."""
    with service(found) as running:
        seen = features_of(found, running)
        others(running)
        given_up(found, running, 5)
        metrics = running.ask("GET", "/metrics")[1]
        assert leaks(found, metrics) == {}, "while it runs"
    assert leaks(found, metrics) == {}, "after its end"
    assert {"ok", "invalid", "invalid_request"} <= set(seen), seen
    told = re.findall(rb'pratique_requests_total\{feature="(\w+)"', metrics)
    assert {one.decode() for one in told} == set(PACKS) and found.collector.taken
    assert b"pratique_unaudited_total 0.0" in metrics
    heard = found.heard()
    assert RUN.encode() in heard, "content reached the partners, so the search means something"
    strangers = [one for one in CLIENT_SIDE.made if one.encode() in heard]
    assert strangers == [] and CLIENT.encode() not in heard and b"203.0.113.7" not in heard
    say(
        f"canaries: {len(CONTENT.made)} tokens in content, {len(CLIENT_SIDE.made)} of clients,"
        f" {sum(seen.values())} answers ({dict(seen)}), 0 found"
    )


SPOILT = {"priority", "translate", "vision_ask"}
"""Features of which the rules answer no input with a strange word in it well."""


def test_no_token_is_anywhere_where_every_feature_answers_well(tmp_path: Path) -> None:
    """The way of success, to its end: by models inside the process."""
    with shop(tmp_path, rules_of) as found, service(found) as running:
        seen = features_of(found, running)
        metrics = running.ask("GET", "/metrics")[1]
        assert leaks(found, metrics) == {}
    assert leaks(found, metrics) == {}
    said = re.findall(rb'pratique_requests_total\{feature="(\w+)".*status="ok"\}', metrics)
    assert {one.decode() for one in said} >= set(PACKS) - SPOILT, seen
    say(f"canaries: {dict(seen)} by models inside the process, 0 found")


def test_no_token_is_anywhere_when_a_partner_is_in_trouble(found: Shop) -> None:
    """Blocked, cut, silent, broken, too busy, or quoting the request in its error."""
    with service(found) as running:
        seen = troubles(found, running)
        screened(running)
        metrics = running.ask("GET", "/metrics")[1]
        assert leaks(found, metrics) == {}
    assert leaks(found, metrics) == {}
    assert re.search(rb'pratique_screened_total\{.*side="input"\} 2.0', metrics)
    wanted = {"blocked", "invalid", "invalid_request", "partner_unavailable", "quota_reached"}
    assert wanted <= set(seen), seen
    say(f"canaries: {dict(seen)} of a partner in trouble, 0 found")


def test_a_failure_of_ours_tells_nothing_of_what_it_failed_on(found: Shop) -> None:
    """An error whose text holds the input: answered and logged without it."""
    with service(found, mistake="fail") as running:
        status, answer = summary(running, streamed=False)
        assert status == 500 and RUN.encode() not in answer
        metrics = running.ask("GET", "/metrics")[1]
    assert leaks(found, metrics) == {}
    assert b"RuntimeError" in (found.place / "output.txt").read_bytes()


@pytest.mark.parametrize("by", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_leaves_nothing_of_a_user_behind(found: Shop, by: signal.Signals) -> None:
    """In the midst of streams: the tracebacks of a crash hold no value, and there is no core."""
    with service(found) as running:
        given_up(found, running, 3)
        metrics = running.ask("GET", "/metrics")[1]
        running.process.send_signal(by)
        running.process.wait(timeout=60)
    assert leaks(found, metrics) == {}
    assert not [one for one in found.place.rglob("*core*") if one.is_file()]
    if by == signal.SIGABRT:
        assert b"Fatal Python error" in (found.place / "output.txt").read_bytes()


def test_a_planted_leak_is_found(found: Shop) -> None:
    """By each way out but one: what is not on the allow-list does not come through the log."""
    ways = ("stderr", "file", "workspace", "database", "span", "metric", "hash", "log")
    given = dict(PACKS["summarize"].file.example["en"])
    with service(found, mistake="leak") as running:
        for way in ways:
            text = f"{given['text']} leak-{way} {CONTENT()}"
            body = {"input": given | {"text": text}, "locale": "en", "context": context()}
            running.ask("POST", "/v1/features/summarize", json.dumps(body).encode())
        metrics = running.ask("GET", "/metrics")[1]
    planted = leaks(found, metrics)
    places = " ".join(planted)
    for expected in (
        "output.txt",
        "temporary/",
        "shop/notes.txt",
        "pratique.db",
        "spans",
        "/metrics",
    ):
        assert expected in places, (expected, places)
    assert any("a hash of" in one for one in planted["shop/seen.txt"])
    output = (found.place / "output.txt").read_bytes()
    assert output.count(RUN.encode()) == 1 and b"leak-log" not in output
