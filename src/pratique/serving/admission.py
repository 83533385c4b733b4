"""Letting a request in: screened, cleaned of what speaks to a model, and judged, before any call."""

import asyncio
from collections.abc import Mapping

import msgspec

from pratique.errors import Malformed
from pratique.features.checks import Check
from pratique.partners.contract import Picture
from pratique.privacy import Sensitive
from pratique.screening.refusing import counts_as_unlawful
from pratique.serving.answers import Answer, said_in
from pratique.serving.guard import Guard
from pratique.serving.judges import ruled
from pratique.serving.pictures import FIELD, in_words, picture_of
from pratique.serving.screened import categories_of, rules_of, screened
from pratique.serving.validators import BadInput
from pratique.serving.variant import Variant
from pratique.serving.words import words_in
from pratique.serving.world import drawn


class Admitted(msgspec.Struct, frozen=True, kw_only=True):
    """A request that may be put to a model."""

    request: Sensitive[Mapping[str, object]]
    """The input as checks see it: masked and reduced where a rule asked for that."""
    words: Sensitive[Mapping[str, object]]
    """The same as templates see it: without its picture and its consent."""
    picture: Picture | None
    """Its picture, written anew."""
    context: str
    """All its words, for judges of the answer; empty where there are none."""
    hits: tuple[str, ...]
    """Ids of the rules that noted something."""


async def let_in(
    variant: Variant, request: Sensitive[Mapping[str, object]], guard: Guard
) -> Admitted | Answer:
    """Return *request* as it may be put to a model, or the answer that stops it here.

    Raises:
        BadInput: the request's picture is none that is taken.
    """
    given = request.reveal()
    asked = in_words(given)
    found = screened(guard.screen, asked, "input", variant.feature, variant.locale)
    hits = rules_of(found.hits)
    if found.blocked:
        return _blocked(variant, guard, hits, categories_of(found.hits))
    words = found.words
    if variant.world:
        world = drawn(words, variant.world)
        hits = (*hits, *(f"injection:{rule}" for rule in world.rules))
        if world.empty:
            why = f"all of it speaks to the model: {', '.join(world.rules)}"
            check = Check(id="injection", passed=False, why=why)
            return Answer(status="invalid", checks=(check,), hits=hits, asked=0)
        words = world.words
    context = ""
    if guard.safeguards:
        context = "\n".join(words_in(words))
        ruling = await ruled(
            guard.safeguards, variant.screening, context, "input", "", guard.seconds
        )
        hits = (*hits, *ruling.rules)
        if ruling.blocked:
            return _blocked(variant, guard, hits, ruling.categories)
    return Admitted(
        request=request if words is asked else Sensitive({**given, **words}),
        words=Sensitive(words),
        picture=await _picture(given) if FIELD in given else None,
        context=context,
        hits=hits,
    )


def _blocked(
    variant: Variant, guard: Guard, hits: tuple[str, ...], categories: tuple[str, ...]
) -> Answer:
    return Answer(
        status="blocked",
        reason="input_screened",
        said=said_in(variant.locale, categories, guard.contact),
        hits=hits,
        # What others wrote to a user is no offence of the user's.
        unlawful=not variant.world and counts_as_unlawful(categories, "unsafe"),
        asked=0,
    )


async def _picture(request: Mapping[str, object]) -> Picture | None:
    try:
        return await asyncio.to_thread(picture_of, request)
    except Malformed as error:
        raise BadInput(f"`/image`: {error.message}", error.hint) from None
