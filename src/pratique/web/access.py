"""Who asks, and what is believed of the device they ask for."""

from collections.abc import Mapping

from pratique.errors import NotAllowed
from pratique.people.api_keys import Scope
from pratique.people.consents import FIELD, content_of, read_consent
from pratique.rollout.gate import Context
from pratique.web.problems import Asked, Problem
from pratique.web.service import Service

TOKEN_HEADER = "Pratique-Device-Token"  # noqa: S105  (a header's name)
_TOKEN = TOKEN_HEADER.lower()


def scopes(service: Service, request: Asked) -> frozenset[Scope]:
    """Return what the caller of *request* may do.

    Raises:
        Problem: no key, or one that opens nothing.
    """
    return service.keyring.caller(request.headers).scopes


def context_of(
    service: Service,
    headers: Mapping[str, str],
    held: frozenset[Scope],
    stated: Context | None,
) -> Context:
    """Return what is believed of the device.

    The maker's signed token is believed; a bare statement only from an operator's key.

    Raises:
        Problem: there is neither, or the token is not good.
    """
    token = headers.get(_TOKEN)
    if token is not None:
        try:
            return service.tokens.context(token, service.opened.clock())
        except NotAllowed as error:
            raise Problem("unauthorized", error.message, error.hint) from None
    if stated is None:
        raise Problem(
            "invalid_request",
            "nothing says which device this is for",
            f"send the header `{TOKEN_HEADER}`; an operator states `context` instead, or its fields"
            " in the query",
        )
    if "operator" not in held:
        raise Problem(
            "forbidden",
            "this key may not state the device's context",
            f"send a token that the maker signed in `{TOKEN_HEADER}`",
        )
    return stated


def consented(
    service: Service, feature: str, context: Context, given: Mapping[str, object]
) -> bool:
    """Say whether the user of this device agreed to send this very input for *feature*.

    Raises:
        Problem: there is a token, and it is not good.
    """
    token = given.get(FIELD)
    if not isinstance(token, str):
        return False
    try:
        consent = read_consent(token, service.opened.verifies, service.opened.clock())
    except NotAllowed as error:
        raise Problem("consent_required", error.message, error.hint) from None
    about = (consent.feature, consent.targeting_key, consent.content)
    return about == (feature, context.targeting_key, content_of(given))
