"""Drawing: lines, words and boxes of a picture that stands by itself, without style sheet or font."""

from collections.abc import Sequence
from html import escape

INK, FAINT, GRID, GOOD, BAD, UNSURE = (
    "#1f2933",
    "#616e7c",
    "#e4e7eb",
    "#2f7d4f",
    "#b3372f",
    "#b7791f",
)
"""Colours that differ in lightness, too."""

OF = {"meets": GOOD, "met": GOOD, "falls_short": BAD, "missed": BAD}
"""Colour of what was found; whatever is undecided or unknown is `UNSURE`."""

WIDTH, SHOWN = 420, 560
"""Units of a picture, narrow enough to be read on a phone, and pixels where there is room."""


def svg(height: float, title: str, parts: Sequence[str]) -> str:
    """Return a picture with its *title* for those who hear it, marked as simulated."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{SHOWN}"'
        f' height="{height * SHOWN / WIDTH:.0f}" role="img" font-family="sans-serif" font-size="12">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>{"".join(parts)}'
        f"{text(WIDTH - 6, 14, 'simulated', 'end', UNSURE)}</svg>"
    )


def text(
    x: float, y: float, said: str, anchor: str = "start", colour: str = INK, size: int = 12
) -> str:
    """Return words at a place."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
        f' font-size="{size}">{escape(said)}</text>'
    )


def line(
    x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = ""
) -> str:
    """Return a line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
        f' stroke-width="{width:g}"{dashed}/>'
    )


def dot(x: float, y: float, colour: str) -> str:
    """Return a dot."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'


def box(x: float, y: float, wide: float, tall: float, colour: str, edge: str = "") -> str:
    """Return a filled box."""
    drawn = f' rx="4" stroke="{edge}"' if edge else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"'
        f' fill="{colour}"{drawn}/>'
    )


def legend(y: float, told: Sequence[tuple[str, str]]) -> list[str]:
    """Return what each colour means, in one row: colour and word."""
    parts, x = [], 8.0
    for colour, said in told:
        parts += [box(x, y - 9, 10, 10, colour), text(x + 15, y, said, colour=FAINT, size=11)]
        # A Chinese character is about twice as wide as a letter.
        x += 34 + sum(11 if ord(one) > 0x2E7F else 6 for one in said)
    return parts
