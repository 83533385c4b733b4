"""The console: the road of each feature, what is on and what blocks the rest."""

from functools import lru_cache
from importlib.resources import files

import jinja2
from litestar import Response, get

from pratique import __version__
from pratique.rollout.disclosed import disclosures
from pratique.rollout.road import roads
from pratique.web.access import scopes
from pratique.web.problems import Asked, Problem
from pratique.web.service import Served

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    folder = str(files("pratique") / "web" / "templates")
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined
    )


@get("/console", include_in_schema=False)
async def console(request: Asked, service: Served) -> Response[str]:
    """Show the market's page to an operator."""
    if "operator" not in scopes(service, request):
        raise Problem(
            "forbidden",
            "the console needs an operator's key",
            "ask for a key with the scope `operator`",
        )
    with service.opened.database.connect() as connection:
        shown = disclosures(connection, service.rules, service.opened.clock())
    configuration = service.opened.workspace.configuration
    page = (
        _templates()
        .get_template("market.html")
        .render(
            version=__version__,
            name=configuration.name,
            rehearsal=configuration.rehearsal,
            market=service.rules.market,
            packs=service.packs,
            roads=roads(service.opened, service.rules),
            disclosures=tuple(shown.values()),
        )
    )
    return Response(page, media_type="text/html; charset=utf-8", headers=_HEADERS)


@get("/console/style.css", include_in_schema=False)
async def style() -> Response[bytes]:
    """Return the console's one style sheet."""
    sheet = (files("pratique") / "web" / "static" / "console.css").read_bytes()
    return Response(
        sheet, media_type="text/css; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"}
    )
