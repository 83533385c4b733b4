"""Options of `pratique assess`: budgets, dry run and concurrency are understood or refused."""

import json
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner

from pratique.cli.looking import guard_now
from pratique.cli.measure import assess
from pratique.cli.selecting import select
from pratique.errors import NotAllowed, NotFound, Unavailable
from pratique.partners.pool import Pool
from pratique.rollout.pack_steps import begin
from pratique.rollout.packs import STARTER
from pratique.serving.guard import starter_guard
from pratique.settings.workspace import open_workspace
from pratique.workspace.opened import Opened


@pytest.fixture
def folder(new_folder: Path) -> str:
    """A workspace whose one candidate is the rules."""
    path = new_folder / "markets" / "CN.toml"
    path.write_text(
        path.read_text().replace('"embedded/smollm2-135m", "embedded/gemma3-270m", ', "")
    )
    return str(new_folder)


def run(folder: str, *words: str) -> dict[str, object]:
    """Run `assess` and return its document."""
    done = CliRunner().invoke(assess, ["--workspace", folder, "--json", *words])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_dry_run_makes_no_call_and_a_budget_is_kept(folder: str) -> None:
    """What is expected first, then no more calls than were allowed, then none at all."""
    before = run(folder, "--dry-run")
    assert before["expected"]["calls"] > 0  # type: ignore[index]
    after = run(folder, "--budget-calls", "25", "--concurrency", "1")
    assert after["spent"]["calls"] == after["calls"] == 25  # type: ignore[index]
    again = run(folder, "--rescore")
    assert again["calls"] == 25 and again["spent"]["calls"] == 0  # type: ignore[index]


def test_every_missing_key_is_told_at_once_and_none_where_nothing_is_asked(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever fetches keys goes once. What an earlier run has settled needs none."""
    for variable in ("DASHSCOPE_API_KEY", "DEEPSEEK_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    remote = ["alibaba/qwen-plus", "deepseek/deepseek-flash"]
    market = Path(folder) / "markets" / "CN.toml"
    text = market.read_text()
    market.write_text(text.replace('"embedded/rules"', ", ".join(f'"{one}"' for one in remote)))
    done = CliRunner().invoke(assess, ["--workspace", folder])
    assert isinstance(done.exception, Unavailable)
    assert "`alibaba` has no key" in str(done.exception)
    assert "`deepseek` has no key" in str(done.exception)
    for variable in ("DASHSCOPE_API_KEY", "DEEPSEEK_API_KEY"):
        assert f"set `{variable}`" in done.exception.hint
    asked: list[list[str]] = []
    monkeypatch.setattr(Pool, "require_keys", lambda _, them: asked.append([*them]))
    market.write_text(text)
    run(folder)
    run(folder)
    assert [bool(one) for one in asked] == [True, False]


def test_a_selection_is_reported_with_the_assessment_it_rests_on(
    folder: str, tmp_path: Path
) -> None:
    """Nobody meets a bar after a few calls; the report says so."""
    run(folder, "--budget-calls", "10", "--concurrency", "1")
    words = ["--workspace", folder, "--report", str(tmp_path / "who.md")]
    done = CliRunner().invoke(select, words)
    assert done.exit_code == 1 and "report:" in done.output
    assert "## Who serves" in (tmp_path / "who.md").read_text()


def test_an_incumbent_is_a_candidate_with_kept_answers(folder: str) -> None:
    """Both refusals come before a call."""
    done = CliRunner().invoke(assess, ["--workspace", folder, "--against", "embedded/rules"])
    assert isinstance(done.exception, NotAllowed) and "is kept" in str(done.exception)


@pytest.mark.parametrize(
    "words",
    [
        ("--budget-money", "20"),
        ("--budget-money", "20EUR"),
        ("--budget-money", "20CNY", "--budget-money", "3CNY"),
        ("--concurrency", "0"),
        ("--concurrency", "embedded=many"),
        ("--suite", "false_headline", "--dry-run"),
    ],
)
def test_what_cannot_be_meant_is_refused(folder: str, words: tuple[str, ...]) -> None:
    """Wrong usage, before anything is done."""
    done = CliRunner().invoke(assess, ["--workspace", folder, *words])
    assert done.exit_code == 2


def test_candidates_are_screened_by_the_pack_in_force(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is measured is what would be served; where nothing is in force, it says what screens."""
    opened = Opened(open_workspace(Path(folder)), who="ada")
    market = opened.workspace.market("CN")
    assert guard_now(opened, market) is starter_guard()
    assert "screened by the starter pack" in capsys.readouterr().err
    begin(opened)
    found = guard_now(opened, market)
    assert found is not starter_guard()
    assert (found.screen.pack.id, found.screen.pack.version) == (STARTER, "1")
    opened.close()


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--report", "report.pdf"), ".html, .md or .json"),
        (("--report", "no/such/report.html"), "`--report`"),
        (("--junit", "no/such/junit.xml"), "`--junit`"),
        (("--sarif", "no/such/run.sarif"), "`--sarif`"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_the_first_call(
    folder: str, words: tuple[str, ...], hint: str
) -> None:
    """Nobody waits for a night and is told then that the folder is missing."""
    done = CliRunner().invoke(assess, ["--workspace", folder, *words])
    assert isinstance(done.exception, NotFound | Unavailable)
    assert hint in done.exception.hint
    with pytest.raises(NotFound, match="has not been assessed"):
        CliRunner().invoke(select, ["--workspace", folder], catch_exceptions=False)


def test_a_partner_without_its_key_is_not_tested(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forgotten variable is no finding about a model."""
    monkeypatch.delenv("DEEPSEEK_API_KEY", raising=False)
    path = Path(folder) / "markets" / "CN.toml"
    path.write_text(path.read_text().replace('"embedded/rules"', '"deepseek/deepseek-flash"'))
    done = CliRunner().invoke(assess, ["--workspace", folder])
    assert isinstance(done.exception, Unavailable)
    assert "DEEPSEEK_API_KEY" in done.exception.hint


def test_each_step_names_the_next(folder: str) -> None:
    """From the README alone somebody gets from a verdict to a filing."""
    steps: tuple[tuple[Command, list[str], str], ...] = (
        (assess, [], "select"),
        (select, [], "select --sign-off"),
        (select, ["--sign-off"], "file --draft --out pack"),
    )
    for verb, words, following in steps:
        done = CliRunner().invoke(verb, ["--workspace", folder, *words])
        assert f"next: `pratique {following}`" in done.stdout
