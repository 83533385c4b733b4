"""What a partner's reply comes to: read, derived, checked, screened and labelled."""

from collections.abc import Mapping

import msgspec

from pratique.features.checks import Check, checked
from pratique.features.derive import derived
from pratique.features.reading import Output, Unreadable, read_answer
from pratique.labels.policy import Label, label
from pratique.partners.contract import Reply
from pratique.privacy import Sensitive
from pratique.serving.admission import Admitted
from pratique.serving.answers import Answer, AnswerStatus, said_in
from pratique.serving.guard import Guard
from pratique.serving.judges import ruled
from pratique.serving.screened import categories_of, rules_of, screened
from pratique.serving.tool_words import closed, opened
from pratique.serving.validators import output_fault
from pratique.serving.variant import Variant
from pratique.serving.words import words_in

_OF_REPLY: dict[str, AnswerStatus] = {
    "refused": "refused",
    "input_blocked": "blocked",
    "output_blocked": "blocked",
}


def judged(
    variant: Variant, request: Sensitive[Mapping[str, object]], reply: Reply, *, content_id: str
) -> Answer:
    """Return what *reply* comes to: read, derived, checked and labelled; not screened."""
    if reply.status != "ok":
        return _answer(reply, _OF_REPLY.get(reply.status, "failed"))
    cut = Check(id="complete", passed=False, why="cut at the token limit")
    whole = _whole(variant, reply)
    if whole is None:
        return _answer(reply, "truncated", (cut,))
    try:
        read = _read(variant, reply, whole)
        output = derived(variant.derive, request.reveal(), read)
    except Unreadable as error:
        return _answer(reply, "invalid", (Check(id="schema", passed=False, why=str(error)),))
    fault = output_fault(variant, output)
    if fault:
        return _answer(reply, "invalid", (Check(id="schema", passed=False, why=fault),))
    found = (
        Check(id="schema", passed=True),
        *checked(variant.checks, variant.locale, request.reveal(), output),
    )
    if not all(check.passed for check in found):
        return _answer(reply, "invalid", found)
    marks = label(variant.label, content_id=content_id, locale=variant.locale)
    if reply.truncated and variant.shows_pieces:
        return _answer(reply, "truncated", (*found, cut), Sensitive(output), marks)
    return _answer(reply, "ok", found, Sensitive(output), marks)


async def let_out(
    variant: Variant, admitted: Admitted, found: Answer, guard: Guard, *, seen: str = ""
) -> Answer:
    """Return *found* as it may be given to a user: screened, judged, masked where a rule asks for it.

    The field *seen* was screened as it came.
    """
    if found.status == "blocked":
        said = said_in(variant.locale, (), guard.contact)
        return msgspec.structs.replace(
            found, reason="partner_blocked", said=said, hits=admitted.hits
        )
    if found.output is None:
        return msgspec.structs.replace(found, hits=admitted.hits) if admitted.hits else found
    output = found.output.reveal()
    words = {name: value for name, value in output.items() if name != seen} if seen else output
    words = opened(words)
    screening = screened(guard.screen, words, "output", variant.feature, variant.locale)
    hits = (*admitted.hits, *rules_of(screening.hits))
    if screening.blocked:
        return stopped(variant, guard, found, hits, categories_of(screening.hits))
    if guard.safeguards and not seen:
        text = "\n".join(words_in(output))
        ruling = await ruled(
            guard.safeguards, variant.screening, text, "output", admitted.context, guard.seconds
        )
        hits = (*hits, *ruling.rules)
        if ruling.blocked:
            return stopped(variant, guard, found, hits, ruling.categories)
    if screening.words is not words:
        shown = {**output, **closed(screening.words)}
        found = msgspec.structs.replace(found, output=Sensitive(shown))
    return msgspec.structs.replace(found, hits=hits) if hits else found


def stopped(
    variant: Variant,
    guard: Guard,
    found: Answer,
    hits: tuple[str, ...],
    categories: tuple[str, ...],
) -> Answer:
    """Return what is left of *found* when our screening stopped it: words of ours alone."""
    return msgspec.structs.replace(
        found,
        status="blocked",
        reason="output_screened",
        output=None,
        label=None,
        said=said_in(variant.locale, categories, guard.contact),
        hits=hits,
    )


def _read(variant: Variant, reply: Reply, whole: str) -> Output:
    """Return what the answer reads as; in a conversation it may ask for tools instead of speaking."""
    reading = variant.prompt.reading
    if not reply.tool_calls or not variant.prompt.conversation:
        return read_answer(reading, whole)
    spoken = read_answer(reading, whole) if whole.strip() else {reading.field: ""}
    calls = [
        {"id": one.id, "name": one.name, "arguments": one.arguments.reveal()}
        for one in reply.tool_calls
    ]
    return {**spoken, "tool_calls": calls}


def _whole(variant: Variant, reply: Reply) -> str | None:
    """Return what of the answer is of use; None where a cut answer is of none.

    A choice is made with its first word, of a list the lines before the cut are whole, and free
    text that is shown as it comes is of use up to the cut.
    """
    text, reading = reply.text.reveal(), variant.prompt.reading
    if not reply.truncated or reading.form == "choice" or variant.shows_pieces:
        return text
    lines = text.rpartition("\n")[0]
    enough = reading.form == "lines" and 0 < reading.count <= len(lines.split("\n"))
    return lines if enough else None


def _answer(
    reply: Reply,
    status: AnswerStatus,
    checks: tuple[Check, ...] = (),
    output: Sensitive[Output] | None = None,
    marks: Label | None = None,
) -> Answer:
    """Return an answer with what every answer to *reply* says of it."""
    return Answer(
        status=status,
        output=output,
        checks=checks,
        label=marks,
        reply=reply.status,
        usage=reply.usage,
        seconds=reply.seconds,
        draft=reply.text,
        model=reply.model,
        fingerprint=reply.fingerprint,
    )
