"""`pratique partner`: what there is, what it lacks, and whether it keeps its word."""

import json
from pathlib import Path

import pytest

from pratique.partners.catalogue import packaged, read_partners
from pratique.partners.standins.server import Running
from tests.program import Done, pratique

PARTNERS = read_partners([packaged()])


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """No partner's key is in the environment, but where a test puts one."""
    for one in PARTNERS.values():
        if one.key_variable:
            monkeypatch.delenv(one.key_variable, raising=False)


def partner(*words: str, **variables: str) -> Done:
    """Run `pratique partner` with *words*."""
    return pratique("partner", *words, variables=variables)


def listed(done: Done) -> dict[str, dict[str, object]]:
    """Return the candidates that a listing shows, by name."""
    return {one["candidate"]: one for one in json.loads(done.stdout)["candidates"]}


def test_the_list_says_what_each_model_lacks() -> None:
    """A key by its variable, a package by its name; and what is simulated is marked."""
    found = listed(partner("list", "--json", DEEPSEEK_API_KEY="k"))
    assert found["deepseek/deepseek-flash"]["lacks"] == ""
    assert found["baidu/ernie-5.1"]["lacks"] == "key `QIANFAN_API_KEY`"
    assert found["embedded/rules"]["lacks"] == ""
    assert found["simulated-taffrail/lookout"]["simulated"] is True
    text = partner("list").stdout
    assert "Simulated: " in text and "Retires on" in text


@pytest.mark.parametrize("name", [*PARTNERS, "alibaba/qwen3.8-flash", "simulated-sampan/ferry"])
def test_every_partner_can_be_shown(name: str) -> None:
    """For people and for machines; what is unknown is said to be so."""
    done, data = partner("show", name), partner("show", name, "--json")
    assert done.returncode == data.returncode == 0, done.stderr
    assert json.loads(data.stdout)
    if name == "alibaba/qwen3.8-flash":
        assert "(declared): unknown" in done.stdout and "measured: nothing yet" in done.stdout
    if PARTNERS[name.partition("/")[0]].simulated:
        assert "simulated" in done.stdout


def test_a_check_prints_one_document_and_its_progress_apart() -> None:
    """In the documented shape."""
    done = partner("check", "deepseek", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["partner"], report["against"], report["failed"]) == ("deepseek", "stand-in", 0)
    assert report["passed"] + report["unsupported"] == len(report["checks"]) >= 140
    assert set(report["checks"][0]) == {"id", "status", "detail", "seconds"}


def test_a_check_of_a_partner_itself_is_kept_in_the_workspace(new_folder: Path) -> None:
    """And `show` then tells it beside what was declared."""
    shop = new_folder
    with Running("deepseek") as server, (shop / "pratique.toml").open("a") as file:
        file.write(f'\n[partners.deepseek]\nbase_url = "{server.base_url}"\n')
        file.flush()
        place = ("--workspace", str(shop))
        done = partner("check", "deepseek", "--live", *place, DEEPSEEK_API_KEY=server.key)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kept in" in done.stderr and server.key not in done.stdout + done.stderr
    shown = partner("show", "deepseek/deepseek-flash", *place).stdout
    assert "stream (measured): yes" in shown and "stream (declared): yes" in shown


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (("check", "embedded"), "there is no wire to check", "deepseek"),
        (("check", "simulated-taffrail"), "there is no wire to check", "deepseek"),
        (("check", "nobody"), "no model `nobody`", "pratique partner list"),
        (
            ("check", "alibaba", "--live", "--market", "BR"),
            "does not serve market `BR`",
            "cn-beijing",
        ),
        (("show", "alibaba/none"), "no model `alibaba/none`", "alibaba/"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], message: str, hint: str) -> None:
    """Two sentences and exit 1."""
    done = partner(*words)
    assert done.returncode == 1
    assert message in done.stderr and hint in done.stderr and "Traceback" not in done.stderr


def test_without_a_key_a_live_check_says_which_one() -> None:
    """Nothing was measured then, and nothing passes."""
    done = partner("check", "deepseek", "--live")
    assert done.returncode == 1
    assert "has no key" in done.stderr and "DEEPSEEK_API_KEY" in done.stderr
