"""Visits: one request at the console, with who is there and what they may do."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from litestar.datastructures import Cookie
from litestar.di import NamedDependency

from pratique.errors import NotAllowed
from pratique.people.accounts import Account, Role, require
from pratique.people.sessions import Session, require_csrf, resume
from pratique.web.addresses import is_loopback
from pratique.web.console.words import LANGUAGES, Language, Words, preferred, words
from pratique.web.problems import Asked
from pratique.web.service import Served, Service
from pratique.workspace.opened import Opened

SESSION = "pratique_session"
"""Cookie with the token of a session."""

DOOR = "pratique_door"
"""Cookie of somebody who has not logged in: the login form is bound to it."""

LANGUAGE = "pratique_language"
"""Cookie with the language that somebody chose."""

MOST_FIELD = 4_000
"""Characters of one field of a form."""


class LogInFirst(Exception):
    """Nobody is logged in: the login page comes first."""


class Visit:
    """One request of somebody who is logged in."""

    def __init__(self, service: Service, session: Session, language: Language, path: str) -> None:
        self.service = service
        self.account: Account = session.account
        self.session = session
        self.words: Words = words(language)
        self.path = path

    @property
    def csrf(self) -> str:
        """What each form of this session carries."""
        return self.session.csrf

    @property
    def market(self) -> str:
        """The market that this service serves."""
        return self.service.rules.market.id

    @property
    def opened(self) -> Opened:
        """The workspace, in the name of who is there: the ledger says who decided."""
        return self.service.opened.acting(self.account.name)

    def may(self, role: Role) -> bool:
        """Say whether this person may act in *role*."""
        return self.account.may(role)

    def require(self, role: Role) -> None:
        """Let this person act in *role*, or refuse.

        Raises:
            NotAllowed: the account has not the role.
        """
        require(self.account, role)


Here = NamedDependency[Visit]
"""How a handler asks for the visit."""

Fields = NamedDependency[Mapping[str, str]]
"""How a handler asks for the fields of a form, which was made in this very session."""


def provide_visit(request: Asked, service: Served) -> Visit:
    """Return the visit of *request*.

    Raises:
        LogInFirst: there is no session, or it ended.
    """
    session = session_of(request, service)
    if session is None:
        raise LogInFirst
    return Visit(service, session, language_of(request), request.url.path)


def session_of(request: Asked, service: Service) -> Session | None:
    """Return the session of *request*, if there is one."""
    token = request.cookies.get(SESSION, "")
    if not token:
        return None
    return resume(service.opened.database, token, service.opened.clock())


async def provide_fields(request: Asked, visit: Here) -> Mapping[str, str]:
    """Return the fields of a form.

    Raises:
        NotAllowed: the form is not of this session, or a field is too long.
    """
    found = await read_fields(request)
    require_csrf(visit.session, found.get("csrf", ""))
    return found


async def read_fields(request: Asked) -> dict[str, str]:
    """Return the text fields of a form; files are left out.

    Raises:
        NotAllowed: a field is too long.
    """
    form = await request.form()
    found = {name: value for name, value in form.items() if isinstance(value, str)}
    for name, value in found.items():
        if len(value) > MOST_FIELD:
            raise NotAllowed(
                f"`{name[:40]}` has {len(value)} characters, at most {MOST_FIELD}",
                hint="write less",
            )
    return found


def language_of(request: Asked) -> Language:
    """Return the language that somebody chose, else what the browser prefers."""
    chosen = request.cookies.get(LANGUAGE, "")
    for language in LANGUAGES:
        if chosen == language:
            return language
    return preferred(request.headers.get("Accept-Language", ""))


def cookie(request: Asked, name: str, value: str, seconds: int | None = None) -> Cookie:
    """Return a cookie that no script reads, no other site sends and no open wire carries."""
    return Cookie(
        key=name,
        value=value,
        path="/console",
        httponly=True,
        samesite="strict",
        secure=not is_loopback(request.url.hostname or ""),
        max_age=seconds,
    )


def new_door() -> str:
    """Return what binds a login form to the browser that it was shown in."""
    return secrets.token_urlsafe(24)


def door_csrf(door: str) -> str:
    """Return what the login form carries for the cookie *door*."""
    key = door.encode(errors="surrogatepass")
    return hmac.new(key, b"pratique-door-1", hashlib.sha256).hexdigest()


def require_door(request: Asked, given: str) -> None:
    """Refuse a login form that was not shown to this browser.

    Raises:
        NotAllowed: it was not.
    """
    door = request.cookies.get(DOOR, "")
    if not door or not hmac.compare_digest(door_csrf(door), given[:200]):
        raise NotAllowed("this form is not of your browser", hint="load the page again")
