"""Fonts: one on this machine that can draw a statement."""

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pratique.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
"""Where operating systems keep fonts."""

PREFERRED = ("NotoSansCJK-Regular", "SourceHanSans", "wqy", "PingFang", "msyh", "DejaVuSans.")
"""Beginnings of names that are tried first: plain faces, those with Chinese before the others."""

_MAX_FILES = 5_000
_PROBE = 64
"""Size at which it is looked up whether a font knows a character."""


def find_font(statement: str, named: Path | None = None) -> Path:
    """Return a font file that knows every character of *statement*: the *named* one, or one found.

    Raises:
        NotFound: the named font is no font, or lacks a character.
        Unavailable: this machine has no font that knows them all.
    """
    if named is not None:
        if not _knows(named, statement):
            raise NotFound(
                f"`{named}` is no font that knows every character of `{statement}`",
                hint="name another one, such as Noto Sans CJK for Chinese",
            )
        return named
    for path in _installed():
        if _knows(path, statement):
            return path
    raise Unavailable(
        f"no font on this machine knows every character of `{statement}`",
        hint="install one (Debian: `fonts-noto-cjk`), or name a file with `--font`",
    )


def open_font(path: Path, size: int) -> "FreeTypeFont":
    """Return the font at *path* in *size* pixels."""
    from PIL import ImageFont

    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _installed() -> tuple[Path, ...]:
    found: list[Path] = []
    for folder in (*FOLDERS, str(Path.home() / ".fonts")):
        for place, _, names in os.walk(folder):
            found += [
                Path(place) / one for one in names if one.lower().endswith((".ttf", ".ttc", ".otf"))
            ]
    return tuple(sorted(found[:_MAX_FILES], key=_rank))


def _rank(path: Path) -> tuple[int, str]:
    ranks = [n for n, start in enumerate(PREFERRED) if path.name.startswith(start)]
    return (ranks[0] if ranks else len(PREFERRED), path.name)


@lru_cache(maxsize=256)
def _knows(path: Path, statement: str) -> bool:
    """Say whether the font draws every character as something else than its sign for `unknown`."""
    try:
        font = open_font(path, _PROBE)
    except OSError:
        return False
    unknown = bytes(font.getmask("\U0010fffe"))
    return all(bytes(font.getmask(one)) != unknown for one in statement if not one.isspace())
