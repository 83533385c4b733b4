"""Pages: templates, headers, and how hostile text is shown."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlencode

import jinja2
from litestar import Response
from litestar.response import Redirect

from pratique import __version__
from pratique.web.console.pictures import limit, road
from pratique.web.console.visits import Visit
from pratique.web.console.words import Words

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
        " connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What every page says: nothing inline runs, nothing from elsewhere is loaded."""

MOST_SHOWN = 4_000
"""Characters of one text that a page shows; of a longer one the page says how long it is."""

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Characters that show nothing by themselves, or turn the direction of what follows."""


def shown(text: str) -> str:
    """Return *text* as a page may show it: cut, and what cannot be seen by its number."""
    cut = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]} […{len(text)}]"
    return _CONTROL.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", unicodedata.normalize("NFC", cut))


def moment(text: str) -> str:
    """Return a stored moment as people read it."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}"
    except ValueError:
        return text[:40]


def percent(share: float, digits: int = 0) -> str:
    """Return *share* in percent."""
    return f"{share:.{digits}%}"


def query(**values: object) -> str:
    """Return values as the query of an address, without those that are empty."""
    return urlencode(
        {name: str(value) for name, value in values.items() if value not in ("", None)}
    )


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(files("pratique") / "web" / "console" / "templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "shown": shown,
        "moment": moment,
        "percent": percent,
        "share": lambda share: f"{100 * share:.4g}%",
        "role": lambda role, words: words(f"role.{role}"),
    }
    environment.globals |= {"query": query, "picture": road, "limit": limit}
    return environment


def draw(template: str, words: Words, **values: object) -> str:
    """Return *template* filled in."""
    found = _environment().get_template(template)
    return found.render(t=words, version=__version__, **values)


def page(visit: Visit, template: str, *, status: int = 200, **values: object) -> Response[str]:
    """Return a page for who is there."""
    text = draw(
        template,
        visit.words,
        visit=visit,
        name=visit.service.opened.workspace.configuration.name,
        rehearsal=visit.service.rules.rehearsal,
        **values,
    )
    return plain(text, status)


def plain(text: str, status: int = 200) -> Response[str]:
    """Return *text* as a page."""
    return Response(text, status_code=status, media_type="text/html", headers=dict(HEADERS))


def onward(path: str, **values: object) -> Redirect:
    """Send a browser on to another page of the console, after something was done."""
    asked = query(**values)
    return Redirect(f"{path}?{asked}" if asked else path, status_code=303, headers=dict(HEADERS))
