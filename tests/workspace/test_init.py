"""A workspace: every file filled in, nothing half-written, and nothing written over."""

import errno
from pathlib import Path

import pytest

from pratique.errors import Malformed, NotAllowed, NotFound, Unavailable
from pratique.people.keys import SigningKey
from pratique.settings.workspace import find_workspace, open_workspace
from pratique.workspace.init import init
from pratique.workspace.opened import Opened, key_path


def test_a_new_workspace_is_whole(tmp_path: Path) -> None:
    """It opens, its market reads, its key signs and its ledger has one entry under a checkpoint."""
    made = init(tmp_path / "shop", rehearsal=True)
    assert made.markets() == ["CN"]
    assert made.market("CN").stages[-1].user_fraction == 1.0
    opened = Opened(made)
    audit = opened.ledger.audit(opened.verifies)
    assert (audit.entries, audit.sealed, audit.faults) == (1, 1, ())
    assert opened.verifies(opened.key.key_id, b"x", opened.key.sign(b"x"))
    opened.close()


def test_rehearsal_is_off_unless_asked_for(tmp_path: Path) -> None:
    """Practice must be a choice."""
    assert init(tmp_path / "shop", rehearsal=False).configuration.rehearsal is False


def test_the_private_key_stays_out_of_git_and_with_its_owner(tmp_path: Path) -> None:
    """The folder that holds it is ignored, and only its owner may read it."""
    made = init(tmp_path / "shop", rehearsal=True)
    assert (made.folder / ".gitignore").read_text() == "state/\n"
    assert key_path(made).is_relative_to(made.state)
    assert key_path(made).stat().st_mode & 0o077 == 0
    assert made.state.stat().st_mode & 0o077 == 0


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """A second `init` would lose the key and the ledger."""
    made = init(tmp_path / "shop", rehearsal=True)
    before = key_path(made).read_bytes()
    with pytest.raises(NotAllowed, match="is not empty"):
        init(tmp_path / "shop", rehearsal=True)
    assert key_path(made).read_bytes() == before


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a workspace is worse than none."""

    def full(path: Path) -> SigningKey:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SigningKey, "create", full)
    with pytest.raises(Unavailable, match="No space left"):
        init(tmp_path / "shop", rehearsal=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ['sh"op', "店铺", "sh op{}", "sh'op"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    """The name is data in the file, not part of its syntax."""
    assert init(tmp_path / name, rehearsal=True).configuration.name == name


def test_the_nearest_workspace_upward_is_found(tmp_path: Path) -> None:
    """As git finds its folder."""
    made = init(tmp_path / "shop", rehearsal=True)
    inside = made.folder / "markets"
    assert find_workspace(inside).folder == made.folder
    with pytest.raises(NotFound, match=r"no `pratique\.toml`"):
        find_workspace(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "CN"', 'id = "EU"', "is not the file's name"),
        ("locales = [", "locale = [", "unknown key `locale`"),
        ('locales = ["en", "zh-Hans"]', 'locales = ["en", "en"]', "`en` stands twice in `locales`"),
        ('locales = ["en", "zh-Hans"]', "locales = []", "`locales` is empty"),
        ("user_fraction = 0.02", "user_fraction = 0.01", "must rise"),
        ("user_fraction = 1.0", "user_fraction = 1.5", "must rise"),
        ('objective = "estimate"', 'objective = "luck"', "Invalid enum value"),
        ('objective = "estimate"', 'objective = "value"', "`worth` says nothing"),
    ],
)
def test_a_broken_market_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """One clear error with the file."""
    made = init(tmp_path / "shop", rehearsal=True)
    path = made.folder / "markets" / "CN.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(Malformed, match=message) as caught:
        open_workspace(made.folder).market("CN")
    assert "CN.toml" in str(caught.value)


def test_an_unknown_market_lists_the_known_ones(tmp_path: Path) -> None:
    """What there is, is the best hint."""
    with pytest.raises(NotFound, match="no market `EU`") as caught:
        init(tmp_path / "shop", rehearsal=True).market("EU")
    assert "CN" in caught.value.hint


def test_without_public_keys_nothing_can_be_verified(tmp_path: Path) -> None:
    """They are not taken from the database in their place."""
    made = init(tmp_path / "shop", rehearsal=True)
    for path in (made.folder / "keys").iterdir():
        path.unlink()
    with pytest.raises(NotFound, match="no public key"):
        Opened(made)
