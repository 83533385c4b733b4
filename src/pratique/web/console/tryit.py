"""Try it: a phone-sized page whose features are asked through the service's own API."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar import Response, asgi, get
from litestar.concurrency import sync_to_thread
from litestar.handlers import ASGIRouteHandler
from litestar.params import FromQuery
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from pratique.errors import NotAllowed
from pratique.people.sessions import Session, require_csrf
from pratique.rollout.cohorts import is_in
from pratique.rollout.releases import list_releases
from pratique.web.console.pages import HEADERS, page
from pratique.web.console.visits import Here, Visit, session_of
from pratique.web.problems import Asked, Problem, new_request_id, response
from pratique.web.service import Service
from pratique.web.within import token

APPS = {
    "notes": ("proofread", "summarize", "keypoints", "rewrite"),
    "lock": ("notification_summary", "priority"),
    "messages": ("smart_reply",),
    "mail": ("mail_summary", "reply_draft"),
    "poster": ("extract_event",),
}
"""The apps of the phone, in their order, and the features that each has a place for."""

SHOWN = tuple(name for features in APPS.values() for name in features)
"""Features that the page has a place for."""

MOST_KEYS = 100_000
"""Devices that are tried until one is in a release's cohort."""

FORM = b"x-pratique-form"
"""Header with what a form of the session carries."""


@get("/try", sync_to_thread=True)
def try_page(visit: Here, locale: FromQuery[str] = "") -> Response[str]:
    """Show the phone, opened at the first feature that is on: one that is off says little."""
    visit.require("operator")
    market, packs = visit.service.rules.market, visit.service.packs
    on = _on(visit.service)
    chosen = locale if locale in market.locales else next(iter(on), market.locales[0])
    first = on.get(chosen, "")
    examples = {
        name: packs[name].file.example[chosen]
        for name in SHOWN
        if name in packs and chosen in packs[name].file.example
    }
    texts = {
        key.partition(".")[2]: text
        for key, text in visit.words.texts.items()
        if key.startswith("try.")
    }
    setup: dict[str, object] = {
        "csrf": visit.csrf,
        "locale": chosen,
        "region": (market.device_regions[0], market.account_regions[0]),
        "keys": _keys(visit, chosen),
        "offered": [name for name in SHOWN if name in packs],
        "first": first,
        "examples": examples,
        "words": texts,
    }
    return page(
        visit,
        "try.html",
        locale=chosen,
        locales=market.locales,
        apps=tuple(APPS),
        opens=next((app for app, names in APPS.items() if first in names), "notes"),
        none_on=not first,
        setup=msgspec.json.encode(setup).decode(),
    )


@get("/try/manifest.webmanifest", media_type="application/manifest+json")
async def manifest() -> Response[bytes]:
    """Say how a phone may keep the page; it says nothing of the workspace."""
    data: Mapping[str, object] = {
        "name": "pratique",
        "short_name": "pratique",
        "start_url": "/console/try",
        "scope": "/console/",
        "display": "standalone",
        "icons": [{"src": "/console/static/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
    return Response(
        msgspec.json.encode(data), media_type="application/manifest+json", headers=headers
    )


def features(service: Service, entry: Callable[[], ASGIApp]) -> ASGIRouteHandler:
    """Return the address through which the page asks features: the API behind it is *entry*."""

    @asgi("/try/features", is_mount=True, copy_scope=True)
    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on to the service's own API, as the operator who is logged in."""
        request: Asked = Asked(scope, receive, send)
        try:
            await sync_to_thread(_require_operator, request, service)
        except Problem as problem:
            refusal = response(problem, new_request_id())
            answer = refusal.to_asgi_response(None, request)
            await answer(scope, receive, send)
            return
        await entry()(_onward(scope), receive, _safely(send))

    return ask


def _require_operator(request: Asked, service: Service) -> None:
    session = session_of(request, service)
    if session is None:
        raise Problem("unauthorized", "nobody is logged in", "log in at the console")
    if not session.account.may("operator"):
        raise Problem(
            "forbidden", f"`{session.account.name}` is no operator", "ask somebody who is"
        )
    if request.method != "GET":
        _require_form(session, request)


def _require_form(session: Session, request: Asked) -> None:
    try:
        require_csrf(session, request.headers.get(FORM.decode(), ""))
    except NotAllowed as error:
        raise Problem("forbidden", error.message, error.hint) from None


def _onward(scope: Scope) -> HTTPScope:
    """Return the same request as the API gets it: without the cookie, as this process's operator."""
    path = "/v1/features/" + scope["path"].rpartition("/try/features")[2].strip("/")
    kept = (b"accept", b"content-type", b"content-length", b"host")
    headers = [(name, value) for name, value in scope["headers"] if name.lower() in kept]
    inner: dict[str, Any] = {
        "type": "http",
        "asgi": scope.get("asgi", {"version": "3.0"}),
        "http_version": scope.get("http_version", "1.1"),
        "method": scope.get("method", "GET"),
        "scheme": scope.get("scheme", "http"),
        "path": path,
        "raw_path": path.encode(),
        "query_string": scope.get("query_string", b""),
        "root_path": "",
        "headers": [*headers, (b"authorization", f"Bearer {token()}".encode())],
        "client": scope.get("client"),
        "server": scope.get("server"),
        "state": {},
        "extensions": {},
    }
    return inner  # type: ignore[return-value]


def _safely(send: Send) -> Send:
    """Return *send* with the console's headers on what it begins."""
    added = [(name.lower().encode(), text.encode()) for name, text in HEADERS.items()]

    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            known = {name for name, _ in added}
            kept = [one for one in message.get("headers", []) if one[0].lower() not in known]
            message = {**message, "headers": [*kept, *added]}
        await send(message)

    return sent


def _on(service: Service) -> dict[str, str]:
    """Return the first feature that is on for some device, by locale, in the market's order."""
    found = {}
    for locale in service.rules.market.locales:
        first = next((name for name in SHOWN if service.off(name, locale) is None), None)
        if first is not None:
            found[locale] = first
    return found


def _keys(visit: Visit, locale: str) -> dict[str, str]:
    """Return, for each released feature, a device that is in its cohort."""
    market = visit.market
    with visit.service.opened.database.connect() as connection:
        found = [one for one in list_releases(connection, market) if one.state != "ended"]
    return {
        one.feature: _key(market, one.feature, one.user_fraction)
        for one in found
        if one.locale == locale
    }


def _key(market: str, feature: str, fraction: float) -> str:
    for number in range(MOST_KEYS):
        if is_in(market, feature, f"try-{number}", fraction):
            return f"try-{number}"
    return "try-0"
