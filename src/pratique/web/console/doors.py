"""Doors: logging in and out, and choosing the language."""

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy import func, select

from pratique.errors import NotAllowed
from pratique.people.passwords import passwords
from pratique.people.sessions import log_in, log_out, require_csrf
from pratique.web.addresses import is_loopback
from pratique.web.console.pages import draw, onward, plain
from pratique.web.console.visits import (
    DOOR,
    LANGUAGE,
    SESSION,
    cookie,
    door_csrf,
    language_of,
    new_door,
    read_fields,
    require_door,
    session_of,
)
from pratique.web.console.words import LANGUAGES, words
from pratique.web.problems import Asked
from pratique.web.service import Served, Service

HOME = "/console"
"""Where somebody comes to who asked for nothing else."""


@get("/login", sync_to_thread=True)
def login_page(request: Asked, service: Served, onto: FromQuery[str] = HOME) -> Response[str]:
    """Show the form; or how to make an account, where nobody has a password."""
    return _login(request, service, onto, "")


@post("/login", status_code=303)
async def login(request: Asked, service: Served) -> Response[str] | Redirect:
    """Begin a session."""
    fields = await read_fields(request)
    onto = fields.get("onto", HOME)
    try:
        require_door(request, fields.get("csrf", ""))
        _, token = await sync_to_thread(
            log_in,
            service.opened.database,
            fields.get("name", ""),
            fields.get("password", ""),
            service.opened.clock(),
        )
    except NotAllowed as error:
        return await sync_to_thread(_login, request, service, onto, error.message)
    found = onward(_own(onto))
    found.cookies = [cookie(request, SESSION, token), cookie(request, DOOR, "", 0)]
    return found


@post("/logout", status_code=303)
async def logout(request: Asked, service: Served) -> Redirect:
    """End the session."""
    fields = await read_fields(request)
    session = await sync_to_thread(session_of, request, service)
    if session is not None:
        require_csrf(session, fields.get("csrf", ""))
        await sync_to_thread(_end, service, request.cookies.get(SESSION, ""))
    found = onward("/console/login")
    found.cookies = [cookie(request, SESSION, "", 0)]
    return found


@post("/language", status_code=303)
async def choose_language(request: Asked, service: Served) -> Redirect:
    """Keep the language that somebody chose."""
    fields = await read_fields(request)
    session = await sync_to_thread(session_of, request, service)
    if session is not None:
        require_csrf(session, fields.get("csrf", ""))
    else:
        require_door(request, fields.get("csrf", ""))
    chosen = fields.get("language", "")
    found = onward(_own(fields.get("onto", HOME)))
    if chosen in LANGUAGES:
        found.cookies = [cookie(request, LANGUAGE, chosen, 365 * 24 * 3600)]
    return found


def _login(request: Asked, service: Service, onto: str, fault: str) -> Response[str]:
    language = language_of(request)
    door = request.cookies.get(DOOR, "") or new_door()
    with service.opened.database.connect() as connection:
        people = connection.scalar(select(func.count()).select_from(passwords)) or 0
    text = draw(
        "login.html",
        words(language),
        visit=None,
        name=service.opened.workspace.configuration.name,
        rehearsal=service.rules.rehearsal,
        csrf=door_csrf(door),
        onto=_own(onto),
        fault=fault,
        people=people,
        folder=service.opened.workspace.folder,
        here=is_loopback(request.url.hostname or ""),
    )
    found = plain(text, 403 if fault else 200)
    found.cookies = [cookie(request, DOOR, door)]
    return found


def _end(service: Service, token: str) -> None:
    with service.opened.database.begin() as connection:
        log_out(connection, token)


def _own(path: str) -> str:
    """Return *path* if it is one of the console's own: a form sends nobody elsewhere."""
    own = path == HOME or path.startswith((f"{HOME}/", f"{HOME}?"))
    plain_text = path.isascii() and path.isprintable() and "\\" not in path and "//" not in path
    return path if own and plain_text and len(path) <= 1_000 else HOME
