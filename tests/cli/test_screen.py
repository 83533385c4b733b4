"""`pratique screen`: every verb as its user calls it, refusals included."""

import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result

from pratique.cli.main import program
from pratique.errors import Malformed, NotAllowed, NotFound, Tampered, Unavailable

HEAD = "id\tphrase\trisk\taction\n"
ONE = "one\t明林计划书\tA.1a\tstop\n"
TWO = "two\t青石渡口暗号\tA.1a\tstop\n"
ALWAYS = ("--workspace", "shop")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["screen", *arguments], catch_exceptions=False)


def _done(*arguments: str) -> Result:
    found = _run(*arguments)
    assert found.exit_code == 0, found.output
    return found


def _json(*arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(_done(*arguments, "--json").stdout)
    return found


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a new workspace `shop` in it, an approver `bo`, and two tables of words."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    for line in ("init shop --rehearsal", "people add bo --role approver --workspace shop"):
        assert runner.invoke(program, line.split()).exit_code == 0
    Path("one.tsv").write_text(HEAD + ONE, "utf-8")
    Path("two.tsv").write_text(HEAD + ONE + TWO, "utf-8")
    return tmp_path


def _build(table: str, version: str) -> str:
    out = f"{table}-{version}.json"
    _done("build", f"{table}.tsv", "--out", out, "--id", "own", "--version", version, *ALWAYS)
    return out


def test_a_text_and_a_text_file_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a workspace too; rule ids are told, never the words."""
    monkeypatch.chdir(tmp_path)
    Path("words.tsv").write_text(HEAD + ONE, "utf-8")
    Path("note.txt").write_text("关于明 林 计 划 书的说明", "utf-8")
    assert "nothing found" in _done("check", "天气真好", "--pack", "words.tsv").stdout
    found = _json("check", "note.txt", "--pack", "words.tsv")
    assert found["action"] == "stop"
    assert found["hits"] == [{"rule": "one", "view": "noise", "start": 2, "end": 11}]
    assert "明林" not in json.dumps(found, ensure_ascii=False)


def _many(folder: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [{"id": f"t{n}", "text": f"第{n}篇"} for n in range(3000)]
    rows[7]["text"] = "看明林计划书"
    (folder / "many.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8"
    )
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), folder / "many.parquet")
    (folder / "words.tsv").write_text(HEAD + ONE, "utf-8")
    return rows


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_many_texts_give_one_result_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """JSONL and Parquet in and out say the same; progress goes to stderr."""
    monkeypatch.chdir(tmp_path)
    rows = _many(tmp_path)
    told = _done("check", f"many.{form}", "--pack", "words.tsv")
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    assert [line["id"] for line in lines if line["hits"]] == ["t7"]
    assert "3,000 texts screened, 1 with hits" in told.stderr
    for out in ("out.jsonl", "out.parquet"):
        assert not _done("check", f"many.{form}", "--pack", "words.tsv", "--out", out).stdout
    again = pyarrow.parquet.read_table("out.parquet").to_pylist()
    assert again == lines
    assert Path("out.jsonl").read_text("utf-8") == told.stdout


def test_a_broken_line_is_named_and_leaves_no_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row is skipped in silence, and half a file is none."""
    monkeypatch.chdir(tmp_path)
    Path("many.jsonl").write_text('{"id": 1, "text": "好"}\n{"id": 2}\n', "utf-8")
    with pytest.raises(Malformed, match=r"many\.jsonl:2: .*text"):
        _run("check", "many.jsonl", "--out", "out.jsonl")
    assert [one.name for one in tmp_path.iterdir()] == ["many.jsonl"]
    pyarrow.parquet.write_table(pyarrow.table({"id": ["a"]}), "many.parquet")
    with pytest.raises(Malformed, match="no column `text`"):
        _run("check", "many.parquet")
    with pytest.raises(NotFound, match=r"away\.jsonl"):
        _run("check", "away.jsonl")
    assert _run("check", "天气", "--out", "out.jsonl").exit_code == 2


def test_parquet_without_its_package_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an extra: the rest works without."""
    monkeypatch.chdir(tmp_path)
    _many(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(Unavailable) as refused:
        _run("check", "many.parquet")
    assert "pratique[parquet]" in refused.value.hint
    assert _run("check", "many.jsonl").exit_code == 0


def test_lint_names_what_refuses_and_exits_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word that stands everywhere is found in the product's own samples; open risks are shown."""
    monkeypatch.chdir(tmp_path)
    Path("bad.tsv").write_text(HEAD + "common\t一个\tA.1a\tstop\n", "utf-8")
    found = _run("lint", "bad.tsv")
    assert found.exit_code == 1
    assert "common" in found.stdout
    assert "open, without entries: A.1b" in found.stderr


def test_build_refuses_what_lint_refuses_unless_forced(shop: Path) -> None:
    """The worst entries are named, and a forced pack says so."""
    Path("bad.tsv").write_text(HEAD + "common\t一个\tA.1a\tstop\n", "utf-8")
    with pytest.raises(NotAllowed, match="`common`"):
        _run("build", "bad.tsv", "--out", "bad.json", *ALWAYS)
    assert not Path("bad.json").exists()
    assert _json("build", "bad.tsv", "--out", "bad.json", "--force", *ALWAYS)["forced"] is True


def test_a_pack_is_signed_verified_where_keys_are_known_and_compared(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a workspace a changed word or a stranger's signature is refused; elsewhere it is said."""
    first, second = _build("one", "1"), _build("two", "2")
    assert _json("diff", first, second) == {"added": ["two"], "removed": [], "changed": []}
    found = _done("check", "看明林计划书", "--pack", first)
    assert "signature" in found.stderr
    monkeypatch.chdir("shop")
    assert "signature" not in _done("check", "看明林计划书", "--pack", f"../{first}").stderr
    changed = Path(f"../{first}").read_text("utf-8").replace("书", "画")
    Path("changed.json").write_text(changed, "utf-8")
    with pytest.raises(Tampered, match="entries"):
        _run("check", "看明林计划书", "--pack", "changed.json")
    signature = json.loads(Path(f"../{first}").read_text("utf-8"))
    signature["key_id"] = "0" * 16
    Path("other.json").write_text(json.dumps(signature), "utf-8")
    with pytest.raises(Tampered, match="signature"):
        _run("check", "看明林计划书", "--pack", "other.json")


def test_activate_rollback_sign_off_and_list(shop: Path) -> None:
    """The life of a pack, by its verbs."""
    assert "in force  starter" in _done("list", *ALWAYS).stdout
    first, second = _build("one", "1"), _build("two", "2")
    found = _json("activate", first, *ALWAYS)
    assert found["act"]["pack"] == "own"  # type: ignore[index]
    assert "1 entries came, 0 went" in _done("activate", second, *ALWAYS).stdout
    with pytest.raises(NotAllowed, match="in force already"):
        _run("activate", second, *ALWAYS)
    assert _run("rollback", *ALWAYS).exit_code == 2
    assert "`own` 1 screens" in _done("rollback", "--reason", "too many", *ALWAYS).stdout
    listed = _json("list", *ALWAYS)
    assert listed["in_force"] == 4
    with pytest.raises(NotAllowed, match="nothing waits"):
        _run("sign-off", *ALWAYS)
    assert listed["duties"] == []
    with pytest.raises(NotFound, match="no pack"):
        _run("activate", "away.json", *ALWAYS)


def test_status_shows_what_is_due_about_screening(shop: Path) -> None:
    """The starter pack is named as what it is."""
    found = CliRunner().invoke(program, ["status", *ALWAYS])
    assert "due: the starter pack screens" in found.stdout
