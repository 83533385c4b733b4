"""Settings files fail with one clear error: file, line and the nearest known name."""

from datetime import date, datetime
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from pratique.errors import Malformed, NotFound
from pratique.settings.toml import MAX_BYTES, parse_toml, read_toml

HERE = Path("settings.toml")


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table inside."""

    colour: str = "red"
    size: int = 1


class Dated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file with days, moments and a closed set of words."""

    day: date = date(2027, 1, 1)
    moment: datetime | None = None
    way: Literal["up", "down"] = "up"
    words: tuple[str, ...] = ()


class Outer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file."""

    name: str
    tables: dict[str, Inner] = {}
    items: tuple[Inner, ...] = ()


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('nam = "x"\n', "settings.toml:1: unknown key `nam`", "did you mean `name`?"),
        (
            'name = "x"\n\n[tables.q]\ncolor = "r"\n',
            "settings.toml:4: unknown key `color`",
            "`colour`",
        ),
        (
            'name = "x"\n[[items]]\nsize = 1\n[[items]]\ncolou = "b"\n',
            "settings.toml:5: unknown key `colou`",
            "`colour`",
        ),
        (
            'name = "x"\nzzz = 1\n',
            "settings.toml:2: unknown key `zzz`",
            "known here: `items`, `name`, `tables`",
        ),
        ("tables = {}\n", "settings.toml: missing key `name`", ""),
        (
            'name = "x"\n[[items]]\nsize = "big"\n',
            "settings.toml:3: expected `int`, got `str` at `items.0.size`",
            "",
        ),
        ("name = 5\n", "settings.toml:1: expected `str`, got `int` at `name`", ""),
        ('name = "x"\n[tables\n', "settings.toml:2: not TOML", ""),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, message: str, hint: str) -> None:
    """A person must find the place without reading the code."""
    with pytest.raises(Malformed) as caught:
        parse_toml(text, Outer, HERE)
    assert str(caught.value).startswith(message)
    assert hint in caught.value.hint


def test_a_good_file_becomes_a_record() -> None:
    """What the file says is what the record holds."""
    found = parse_toml('name = "x"\n[tables.a]\nsize = 3\n', Outer, HERE)
    assert found == Outer(name="x", tables={"a": Inner(size=3)})


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    """A missing file is not an empty one."""
    with pytest.raises(NotFound, match=r"nowhere\.toml"):
        read_toml(tmp_path / "nowhere.toml", Outer)


@pytest.mark.parametrize(
    ("content", "message"), [(b"\xff\xfe", "not UTF-8"), (b"#" * (MAX_BYTES + 1), "larger than")]
)
def test_a_file_that_is_no_settings_file_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    """Size is bounded before parsing; other encodings are named."""
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(Malformed, match=message):
        read_toml(path, Outer)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('day = "1 May"\n', "without quotes, as 2027-03-31"),
        ("moment = 2027-01-05\n", "as 2027-03-31T09:00:00Z"),
        ('way = "left"\n', "one of `up`, `down`"),
        ('words = "one"\n', 'write a list, as ["…"]'),
    ],
)
def test_a_value_that_does_not_fit_is_told_how_to_write_it(text: str, hint: str) -> None:
    """Somebody who edits a plan knows no RFC by its number."""
    with pytest.raises(Malformed) as caught:
        parse_toml(text, Dated, HERE)
    assert hint in caught.value.hint
