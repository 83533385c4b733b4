"""`pratique support`: from a probe to a verdict, for people and for machines."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pratique.cli.support import support
from pratique.errors import Malformed, NotAllowed, NotFound, Unavailable

ROW = (
    "T-{n},2026-10-05T10:00:00+08:00,2026-10-05T10:10:00+08:00,2026-10-05T12:00:00+08:00,{s},p{p},x"
)
HEADER = "id,opened,acknowledged,resolved,severity,fixer,about"


@pytest.fixture
def shop(new_folder: Path) -> Path:
    """A new rehearsal workspace."""
    return new_folder


def run(shop: Path, *words: object) -> Result:
    """Run a verb there; failures of ours come out as they are."""
    command = [str(one) for one in words]
    done = CliRunner().invoke(support, [*command, "--workspace", str(shop)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_a_slow_partner_is_insufficient_after_a_few_calls(shop: Path) -> None:
    """One JSON document; progress apart; the verdict with its evidence."""
    done = run(shop, "probe", "simulated-hawser/tow", "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0 and "1 requests/s: missed" in done.stderr
    assert found["capacity"]["verdict"] == "INSUFFICIENT_SUPPORT_CAPACITY"
    assert found["calls"] <= 20 and found["simulated"] is True
    assert "first token" in found["capacity"]["reasons"][0]
    shown = run(shop, "show", "simulated-hawser/tow")
    assert shown.exit_code == 1 and "✗ missed   load carried" in shown.stdout


def test_a_partner_with_everything_measured_and_attested_is_sufficient(
    shop: Path, tmp_path: Path
) -> None:
    """The whole way: probe, tickets, documents, page."""
    assert run(shop, "probe", "simulated-taffrail/lookout").exit_code == 0
    days = (f"{HEADER}\n") + "\n".join(
        ROW.format(n=n, s=1 + n % 2, p=n % 4).replace("10-05T1", f"10-0{5 + n % 5}T1")
        for n in range(20)
    )
    nights = "\n".join(
        ROW.format(n=100 + n, s=2, p=n % 4).replace("T10:", "T02:") for n in range(20)
    )
    tickets = tmp_path / "tickets.csv"
    tickets.write_text(f"{days}\n{nights}\n", encoding="utf-8")
    assert run(shop, "tickets", "simulated-taffrail", tickets).exit_code == 0
    document = tmp_path / "paper.pdf"
    document.write_bytes(b"paper")
    for item in ("staffing", "certificate", "reference"):
        words = ("--item", item, "--by", "bo", "--document", document)
        attested = run(shop, "attest", "simulated-taffrail", *words)
        assert attested.exit_code == 0 and "SHA-256" in attested.stdout
    page = tmp_path / "support.html"
    done = run(shop, "show", "simulated-taffrail", "--page", page)
    assert done.exit_code == 0, done.stdout
    assert "simulated-taffrail (simulated): SUFFICIENT" in done.stdout
    assert "? unknown  notice of retirement" in done.stdout
    assert "<svg" in page.read_text(encoding="utf-8")


def test_the_steps_and_the_caps_are_the_operators(shop: Path) -> None:
    """Beyond the cap nothing is sent."""
    words = ("--steps", "2,20", "--budget-calls", "30", "--json")
    found = json.loads(run(shop, "probe", "simulated-taffrail/lookout", *words).stdout)
    assert found["calls"] == 30 and found["figures"]["steps"][0]["rate"] == 2
    with pytest.raises(NotAllowed, match="no price"):
        run(shop, "probe", "simulated-taffrail/lookout", "--budget-cost", "5")
    for steps in ("5,2", "0,1", "fast", "nan"):
        done = run(shop, "probe", "simulated-taffrail/lookout", "--steps", steps)
        assert done.exit_code == 2 and "--steps" in done.stderr


def test_what_is_not_there_is_named(shop: Path, tmp_path: Path) -> None:
    """A partner, a model, a file, a column."""
    with pytest.raises(NotFound, match="no partner `nobody`"):
        run(shop, "show", "nobody")
    with pytest.raises(NotFound, match="no model"):
        run(shop, "probe", "simulated-taffrail/none")
    with pytest.raises(NotFound, match="no file"):
        run(shop, "tickets", "simulated-taffrail", tmp_path / "none.csv")
    wrong = tmp_path / "tickets.csv"
    wrong.write_text(f"{HEADER}\n{ROW.format(n=1, s=7, p=1)}\n", encoding="utf-8")
    with pytest.raises(Malformed, match=":2: column `severity`"):
        run(shop, "tickets", "simulated-taffrail", wrong)


def test_only_what_the_market_offers_is_probed(shop: Path) -> None:
    """The form of answers to a feature that nobody asks for is no sign of anything."""
    market = shop / "markets" / "CN.toml"
    market.write_text(market.read_text().replace('["en", "zh-Hans"]', '["en"]'))
    with pytest.raises(NotAllowed, match="`smart_reply` in `zh-Hans`") as told:
        run(shop, "probe", "simulated-taffrail/lookout")
    assert "[probing]" in told.value.hint


def test_a_partner_that_nobody_can_reach_is_not_probed(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a missing key nor a server that is not there says what a partner carries."""
    monkeypatch.delenv("DEEPSEEK_API_KEY", raising=False)
    with pytest.raises(Unavailable, match="`deepseek` has no key"):
        run(shop, "probe", "deepseek/deepseek-flash")
    settings = shop / "pratique.toml"
    nowhere = '\n[partners.vllm]\nbase_url = "http://127.0.0.1:9/v1"\n'
    settings.write_text(settings.read_text() + nowhere)
    with pytest.raises(Unavailable, match="answered none of"):
        run(shop, "probe", "vllm/qwen3.8-32b", "--budget-calls", "5", "--steps", "50")
    assert "UNKNOWN" in run(shop, "show", "vllm/qwen3.8-32b").stdout
