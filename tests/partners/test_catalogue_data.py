"""The partners' files and the scenarios: what is packaged agrees with itself, whoever is added."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from pratique.partners.catalogue import Partner, packaged, read_partners
from pratique.partners.causes import meanings
from pratique.partners.dialect import Rule
from pratique.partners.standins.scenarios import Scenario, read_scenarios
from pratique.settings.toml import read_toml

STANDINS = Path(str(files("pratique") / "content" / "standins"))
DIALECTS = sorted(path.stem for path in STANDINS.glob("*.jsonl"))
PARTNER_FILES = sorted(packaged().glob("*.toml"))
LOOPBACK = {"127.0.0.1", "::1", "localhost"}

BY_STATUS = {401: "auth", 402: "quota", 403: "auth", 408: "timeout", 429: "rate_limited"}
BY_STATUS |= {503: "overloaded", 504: "timeout"}

each_partner = pytest.mark.parametrize("path", PARTNER_FILES, ids=lambda path: path.stem)
each_dialect = pytest.mark.parametrize("dialect", DIALECTS)


@dataclass(frozen=True)
class Failure:
    """The error object of a scenario, with what was known when it came."""

    status: int
    names: tuple[str, ...]
    message: str
    upstream_status: object
    begun: bool


def plain(line: bytes) -> Mapping[str, object]:
    """Return one line of a scenario file as it stands there."""
    value = msgspec.json.decode(line)
    assert isinstance(value, dict)
    return value


def lines(dialect: str) -> list[Mapping[str, object]]:
    """Return the scenarios of *dialect* as they stand in their file."""
    return [plain(one) for one in (STANDINS / f"{dialect}.jsonl").read_bytes().splitlines()]


def sent(line: Mapping[str, object]) -> Iterator[object]:
    """Yield the JSON bodies that *line* sends: its own, or one an event."""
    if "body" in line:
        yield line["body"]
    events = line.get("events", ())
    assert isinstance(events, Sequence)
    wire = "".join(
        one if isinstance(one, str) else f"data: {msgspec.json.encode(one).decode()}\n\n"
        for one in events
    )
    for event in re.split(r"\n\n", wire.replace("\r\n", "\n")):
        data = "\n".join(
            one[5:].removeprefix(" ") for one in event.split("\n") if one.startswith("data:")
        )
        if data and data != "[DONE]":
            yield decoded(data)


def decoded(data: str) -> object:
    """Return *data* read as JSON, or as it is where it is none."""
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError:
        return data


def error_in(body: object) -> Mapping[str, object] | None:
    """Return the error object of *body*, in any of the shapes that partners use."""
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    if isinstance(error, str):
        return {"message": error}
    if isinstance(error, dict):
        return error
    if body.get("choices"):
        return None
    if "error_code" in body:
        return {"code": body["error_code"], "message": body.get("error_msg")}
    named = body.get("code") is not None and (body.get("message") or body.get("msg"))
    if named or body.get("object") == "error":
        return {"message": body.get("msg"), **body}
    return None


def added(body: object) -> str:
    """Return the text that an event adds to the answer."""
    choices = body.get("choices") if isinstance(body, dict) else None
    delta = choices[0].get("delta") if choices else None
    content = delta.get("content") if delta else None
    return content if isinstance(content, str) else ""


def without_thought(text: str) -> str:
    """Return *text* without the thought in tags at its beginning."""
    return re.sub(r"^\s*<think>.*?(</think>\s*|$)", "", text, flags=re.DOTALL)


def text_came(line: Mapping[str, object]) -> bool:
    """Whether a stream brings text before it ends."""
    return bool(without_thought("".join(added(one) for one in sent(line))))


def failure_in(line: Mapping[str, object]) -> Failure | None:
    """Return the first error object that *line* sends."""
    text = ""
    for body in sent(line):
        error = error_in(body)
        if error is not None:
            status = line.get("http", 200)
            assert isinstance(status, int)
            return Failure(
                status=status,
                names=tuple(folded(error.get(key)) for key in ("code", "type")),
                message=str(error.get("message") or "").casefold(),
                upstream_status=error.get("upstream_status"),
                begun=bool(without_thought(text)),
            )
        text += added(body)
    return None


def folded(code: object) -> str:
    """Return *code* as codes are compared."""
    return "" if code is None else str(code).casefold().replace("_", "")


def holds(rule: Rule, failure: Failure) -> bool:
    """Whether every condition of *rule* holds."""
    patterns = [folded(code) for code in rule.codes]
    return (
        (not rule.statuses or failure.status in rule.statuses)
        and (rule.begun is None or rule.begun == failure.begun)
        and (not rule.upstream_statuses or failure.upstream_status in rule.upstream_statuses)
        and (
            not patterns
            or any(fnmatchcase(name, one) for name in failure.names if name for one in patterns)
        )
        and (not rule.messages or any(one.casefold() in failure.message for one in rule.messages))
    )


def first_rule(rules: Sequence[Rule], failure: Failure) -> int | None:
    """Return the place of the first rule that holds."""
    return next((n for n, rule in enumerate(rules) if holds(rule, failure)), None)


def by_status(failure: Failure) -> str:
    """Return the cause of an error that no rule knows."""
    if failure.status == 451:
        return "output_blocked" if failure.begun else "input_blocked"
    otherwise = "bad_request" if 400 <= failure.status < 500 else "server_error"
    return BY_STATUS.get(failure.status, otherwise)


def expected(line: Mapping[str, object]) -> Mapping[str, object]:
    """Return what *line* must come to."""
    expect = line["expect"]
    assert isinstance(expect, dict)
    return expect


def rules_of(dialect: str) -> Sequence[Rule]:
    """Return the rules of the partner called *dialect*."""
    return read_partners([packaged()])[dialect].dialect.rules


@each_partner
def test_a_partner_file_reads_and_its_models_have_plain_names(path: Path) -> None:
    """A model's id is part of `partner/model`, of file names and of digests."""
    partner = read_toml(path, Partner)
    ids = [model.id for model in partner.models]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", one) for one in ids)


@each_partner
def test_every_price_says_where_it_is_from_and_when_it_was_so(path: Path) -> None:
    """A claim without its source is no claim."""
    for model in read_toml(path, Partner).models:
        for price in model.prices:
            assert price.source.strip(), model.id
            assert re.fullmatch(r"20\d\d(-(0[1-9]|1[0-2]))?", price.as_of), model.id
            assert price.input >= 0 and price.output >= 0, model.id


@each_partner
def test_a_region_is_reached_over_tls_unless_it_is_this_machine(path: Path) -> None:
    """Keys and content do not travel in the clear."""
    regions = read_toml(path, Partner).regions
    assert len({region.id for region in regions}) == len(regions)
    for region in regions:
        address = urlsplit(region.base_url)
        assert address.scheme == "https" or address.hostname in LOOPBACK, region.base_url
        assert not re.search(r"[{}\s]|/$", region.base_url), region.base_url


def test_whoever_is_called_over_a_wire_has_scenarios_and_the_other_way_round() -> None:
    """A dialect that nothing plays is a dialect that nothing tests."""
    called = {one.id for one in read_partners([packaged()]).values() if one.wire}
    assert called == set(DIALECTS)


@each_dialect
def test_a_scenario_file_reads(dialect: str) -> None:
    """Every line is a scenario that says in one line what it is, and no id stands twice."""
    found: Mapping[str, Scenario] = read_scenarios(dialect)
    assert list(found) == [line["id"] for line in lines(dialect)]
    for scenario in found.values():
        assert re.fullmatch(r"[a-z0-9]+([-.][a-z0-9]+)*", scenario.id), scenario.id
        assert scenario.about.strip() and "\n" not in scenario.about, scenario.id


@each_dialect
def test_what_a_scenario_comes_to_agrees_with_the_causes(dialect: str) -> None:
    """A cause has one status and one way to retry, except that nothing is retried once text came."""
    wrong = []
    for line in lines(dialect):
        expect = expected(line)
        meaning = meanings()[expect["cause"]]  # type: ignore[index]
        retry = "never" if text_came(line) else meaning.retry
        if (expect["status"], expect["retry"]) != (meaning.reply, retry):
            wrong.append(line["id"])
    assert not wrong


@each_dialect
def test_the_rules_of_a_dialect_bring_each_error_to_its_cause(dialect: str) -> None:
    """The first rule that holds decides, and the HTTP status where none does."""
    rules, wrong = rules_of(dialect), []
    for line in lines(dialect):
        failure = failure_in(line)
        if failure is not None:
            place = first_rule(rules, failure)
            cause = by_status(failure) if place is None else rules[place].cause
            if cause != expected(line)["cause"]:
                wrong.append((line["id"], cause))
    assert not wrong


@each_dialect
def test_every_rule_decides_at_least_one_scenario(dialect: str) -> None:
    """A rule that another one always forestalls, or that nothing plays, says nothing."""
    rules = rules_of(dialect)
    failures = [one for line in lines(dialect) if (one := failure_in(line)) is not None]
    decided = {first_rule(rules, one) for one in failures}
    assert not [rule for place, rule in enumerate(rules) if place not in decided]
