"""Where decisions are kept: a file, or an address that the settings lead to and nobody prints."""

from pathlib import Path

import pytest

from pratique.errors import Malformed, NotFound, Unavailable
from pratique.settings.workspace import Workspace, open_workspace
from pratique.workspace.init import init
from pratique.workspace.opened import Opened, database_address, database_path

ADDRESS = "postgresql://ada:s3cret@127.0.0.1:9/shop"


def workspace_with(folder: Path, store: str) -> Workspace:
    """Return a workspace whose settings end with *store*."""
    workspace = init(folder / "shop", rehearsal=True)
    path = workspace.folder / "pratique.toml"
    path.write_text(f"{path.read_text()}\n[store]\n{store}\n")
    return open_workspace(workspace.folder)


def test_without_a_word_it_is_the_file(tmp_path: Path) -> None:
    """The usual case."""
    workspace = init(tmp_path / "shop", rehearsal=True)
    assert database_address(workspace) == database_path(workspace)


def test_a_variable_or_a_file_names_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And without either one the error says which."""
    workspace = workspace_with(tmp_path / "a", 'url_variable = "SHOP_STORE"')
    monkeypatch.delenv("SHOP_STORE", raising=False)
    with pytest.raises(NotFound, match="`SHOP_STORE`"):
        database_address(workspace)
    monkeypatch.setenv("SHOP_STORE", ADDRESS)
    assert database_address(workspace) == ADDRESS
    workspace = workspace_with(tmp_path / "b", 'url_file = "state/store.url"')
    with pytest.raises(NotFound, match=r"store\.url"):
        database_address(workspace)
    (workspace.state / "store.url").write_text(f"{ADDRESS}\n")
    assert database_address(workspace) == ADDRESS
    both = workspace_with(tmp_path / "c", 'url_variable = "X"\nurl_file = "y"')
    with pytest.raises(Malformed, match="names both"):
        database_address(both)


def test_a_store_that_does_not_answer_is_told_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the message, nor in what it came from."""
    workspace = workspace_with(tmp_path, 'url_variable = "SHOP_STORE"')
    monkeypatch.setenv("SHOP_STORE", ADDRESS)
    opened = Opened(workspace)
    with pytest.raises(Unavailable, match="does not answer") as error, opened.database.connect():
        pass
    assert "s3cret" not in f"{error.value} {error.value.hint} {opened.database.name}"


def test_an_unreachable_store_leaves_no_workspace_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`init` makes all of it or nothing."""
    monkeypatch.setenv("SHOP_STORE", ADDRESS)
    with pytest.raises(Unavailable):
        init(tmp_path / "shop", rehearsal=True, store_variable="SHOP_STORE")
    assert list(tmp_path.iterdir()) == []
