"""English constructions that span several words: tense with its time, indirect questions, verbs
after verbs."""

import re
from collections.abc import Callable
from functools import cache

from pratique.partners.rules.forms import forms, sets

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_PRONOUN = "I|you|he|she|it|we|they"
_OBJECT = {"i": "me", "he": "him", "she": "her", "we": "us", "they": "them"}
_ASKED = (
    r"(?:know|knows|wonder|wondering|wondered|remember|tell me|told me|tell us|ask|asked|sure"
    r"|understand|idea|find out|see|explain|show me|forgot|forget|check|decide|say)"
)
_NOUN_PHRASE = (
    r"(?:(?:the|my|your|his|her|our|their|this|that|these|those)(?: (?!is\b|are\b)[a-z]+){1,3}"
    r"|this|that)"
)
_ENJOY = (
    "enjoy|enjoys|enjoyed|avoid|avoids|avoided|finish|finished"
    "|mind|consider|considering|dislike|imagine|practise|keep|keeps|kept"
    "|postpone|quit|denied|admitted|delayed|can't stand"
)
_WANT = (
    "want|wants|wanted|needs|needed|decided|hope|hopes|hoped|plan|plans|planned|tried"
    "|would like|managed|refused|forgot|promised|able|going|agreed|supposed|ready"
)
_EVEN = "the|a|an|some|any"
_SHORT = {
    "big": "bigger",
    "tall": "taller",
    "small": "smaller",
    "young": "younger",
    "fast": "faster",
    "cheap": "cheaper",
    "easy": "easier",
    "happy": "happier",
    "hot": "hotter",
    "cold": "colder",
    "high": "higher",
    "strong": "stronger",
    "long": "longer",
    "short": "shorter",
    "slow": "slower",
    "nice": "nicer",
    "good": "better",
    "bad": "worse",
    "old": "older",
    "late": "later",
    "near": "nearer",
    "heavy": "heavier",
    "busy": "busier",
    "early": "earlier",
}
_PERIOD = (
    r"(?:yesterday|(?<!the )(?<!since )(?<!from )(?<!until )last (?:night|week|month|year|weekend"
    r"|summer|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"|(?:\w+) (?:minutes?|hours?|days?|weeks?|months?|years?) ago|in (?:19|20)\d\d)"
)
_OTHER_CLAUSE = frozenset(
    [
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "that",
        "which",
        "who",
        "since",
        "for",
        "until",
        "from",
        "between",
        "than",
        "because",
        "when",
        "after",
        "before",
        "and",
        "but",
        "or",
        "if",
        "did",
        "was",
        "were",
        "had",
        "the's",
    ]
) - {"it"}


def constructed(text: str) -> str:
    """Return *text* with constructions put right that their words leave no doubt about."""
    for pattern, replacement in _rules():
        text = pattern.sub(replacement, text)
    return text


@cache
def _rules() -> tuple[Rule, ...]:
    """Return the patterns with what they become, in the order in which they are tried."""
    ing = "|".join(sorted(forms()["ing"], key=len, reverse=True))
    pure = "|".join(sorted(_pure()))
    done = "|".join(sorted(forms()["past_of_participle"], key=len, reverse=True))
    ended = rf"(?:{done}|[a-z]{{2,10}}ed)"
    short = "|".join(_SHORT)
    people = rf"{_PRONOUN}|someone|somebody|anyone"
    return (
        (_any(rf"\bif ({people})(?: would have|'d have|’d have) ({ended})\b"), _if_had),
        (_any(rf"\bwish ({_PRONOUN}) would have ({ended})\b"), r"wish \1 had \2"),
        (
            _any(
                rf"\b({_PRONOUN})( have| has|'ve|’ve) ({ended})\b((?: [\w'’]+){{0,8}}? {_PERIOD})\b"
            ),
            _past,
        ),
        (
            _any(
                rf"\b({_ASKED}(?: of)? (?:where|when|who|what|how|how much|how old|how far))"
                rf" (is|are|was|were) ({_NOUN_PHRASE})(?=[.?!,;]|$)"
            ),
            r"\1 \3 \2",
        ),
        (
            _any(
                rf"\b({_ASKED} (?:where|when|what|how|why|how much|how old|how far|how long"
                rf"|what time|who)) (is|are|was|were|can|will|should) (it|he|she|they|you|we|I)\b"
            ),
            r"\1 \3 \2",
        ),
        (
            _any(
                rf"\b({_ASKED} (?:where|when|what|how|why|how much|how long|what time|who))"
                rf" (do|does|did) ({_PRONOUN}) ({ing})\b"
            ),
            _told,
        ),
        (_any(rf"\b({_ENJOY}) to ({pure})\b"), _gerund),
        (
            _any(
                rf"\b(looking forward to|(?:instead|capable|afraid|tired|fond) of|(?:good|bad) at"
                rf"|without|interested in|thank you for|thanks for|sorry for|(?:is|it's|was) worth"
                rf"|(?:am|i'm|get|got|getting) used to|have trouble|have difficulty|feel like"
                rf"|how about|what about|object to|succeeded in) ({pure})\b"
            ),
            _gerund,
        ),
        (_any(rf"\b(would you mind) (?:to )?({pure})\b"), _gerund),
        (_any(rf"\b(?<!not )(?<!to be )({_WANT}) ({pure})(?= )"), _infinitive),
        (
            _any(rf"\b(want|wants|wanted) that (you|he|she|we|they|I) ({ing})\b"),
            lambda found: f"{found[1]} {_OBJECT.get(found[2].lower(), found[2])} to {found[3]}",
        ),
        (_any(rf"\b((?:let|lets|make|makes|made) (?:me|him|us|them|you)) to ({pure})\b"), r"\1 \2"),
        (
            _any(rf"\b(must|should|can|could|might|will|would|cannot|can't|may) to ({pure})\b"),
            r"\1 \2",
        ),
        (_any(rf"\bmore ({short}) than\b"), lambda found: f"{_SHORT[found[1].lower()]} than"),
        (
            _any(
                r"\b(find|finds|found|make|makes|made) (difficult|hard|easy|easier|harder|impossible"
                r"|possible|necessary) (to|for)\b"
            ),
            r"\1 it \2 \3",
        ),
        (
            _any(r"(?:(?<=[.!?\n] )|^)((?:even though|although|though) [^,.!?;\n]{4,90}), but "),
            r"\1, ",
        ),
        (
            _any(
                r"(?:(?<=[.!?\n] )|^)((?:because|since|as) (?:I|you|he|she|it|we|they|the|my) [^,.!?;\n]{3,90}), so (?=I|you|he|she|it|we|they|the|my)"  # noqa: E501
            ),
            r"\1, ",
        ),
        (
            _any(
                r"(?:(?<=[.!?\n] )|^)me and ((?:my |our )?[a-z]+) (?=are|were|have|had|went|will|would"
                r"|want|like|decided|can|got|saw|did|live|work|love|need|hope|plan|took|made|met)\b"
            ),
            _and_i,
        ),
        (_any(r"\b(both (?:the |my |his |her )?\w+) as well as\b"), r"\1 and"),
        (_any(r"\b(neither (?:the |my |a )?[\w']+) or\b"), r"\1 nor"),
        (_any(r"\b(either (?:the |my |a |on |in |by )?[\w']+) nor\b"), r"\1 or"),
        (_any(r"\b(hardly|scarcely|barely) (had [^,.!?\n]{3,40}) than\b"), r"\1 \2 when"),
        (_any(r"\b(no sooner had [^,.!?\n]{3,40}) when\b"), r"\1 than"),
        (
            _any(
                r"\b(don't|doesn't|didn't|can't|won't|couldn't|haven't|hasn't) (have|need|want|see|know|say|get|find"
                r"|eat|do|bring|had|seen|buy) (?:no|none) (?=[a-z])"
            ),
            r"\1 \2 any ",
        ),
        (
            _any(
                r"\b(don't|doesn't|didn't|can't|won't|couldn't|haven't|hasn't) (have|need|want|see|know|say|get|find"
                r"|eat|do|bring|seen|buy) no(thing|body|one|where)\b"
            ),
            r"\1 \2 any\3",
        ),
        (
            _any(
                r"\b(speak|speaks|spoke|play|plays|played|sing|sings|sang|swim|swims|cook|cooks|drive|drives|dance"
                r"|dances|sleep|slept|write|writes) (english |french |spanish |german |chinese |football |tennis |the piano "  # noqa: E501
                r"|the guitar )?((?:very |so |really |pretty )?)good(?=[.,!?;]|$| and | but )"
            ),
            r"\1 \2\3well",
        ),
    )


def _pure() -> frozenset[str]:
    """Return verbs that are no nouns or adjectives, so that one after a verb is an infinitive."""
    return sets()["pure"]


def _any(pattern: str) -> re.Pattern[str]:
    """Return *pattern* compiled to match capitals and small letters alike."""
    return re.compile(pattern, re.IGNORECASE)


def _if_had(found: re.Match[str]) -> str:
    """Return the condition of *found* in the unreal past."""
    return f"{found.group()[:2]} {found[1]} had {found[2]}"


def _past(found: re.Match[str]) -> str:
    """Return the perfect of *found* as a simple past, unless its time belongs to another clause."""
    between = found[4].lower().split()
    participle = found[3].lower()
    verbs = frozenset(forms()["past"].values())
    inner = between[:-1]
    if _OTHER_CLAUSE.intersection(inner) or any(
        word in verbs or word.endswith(("ed", "ing", "'s")) for word in inner
    ):
        return found.group()
    past = forms()["past_of_participle"].get(participle, participle)
    if participle == "been":
        past = "was" if found[1].lower() in ("i", "he", "she", "it") else "were"
    return f"{found[1]} {past}{found[4]}"


def _told(found: re.Match[str]) -> str:
    """Return the indirect question of *found* without its `do`."""
    form = {"does": "third", "did": "past"}.get(found[2].lower())
    verb = found[4] if form is None else forms()[form][found[4].lower()]
    return f"{found[1]} {found[3]} {verb}"


def _gerund(found: re.Match[str]) -> str:
    """Return the second verb of *found* with -ing."""
    return f"{found[1]} {forms()['ing'][found[2].lower()]}"


def _infinitive(found: re.Match[str]) -> str:
    """Return the verbs of *found* with `to` between them."""
    return f"{found[1]} to {found[2]}"


def _and_i(found: re.Match[str]) -> str:
    """Return the subject of *found* with `I` last."""
    other = found[1]
    return f"{other[0].upper()}{other[1:]} and I "
