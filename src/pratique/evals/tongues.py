"""Tongues: which language an answer is written in, for instructions that ask for one.

The script decides where one language alone uses it; among languages that share a script, their
commonest short words do. That tells whole answers apart, not single words.
"""

import re
import unicodedata
from collections.abc import Mapping

MOST_OF_IT = 0.7
"""Least share of an answer's letters in the script of the language that it is written in."""

_SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "LATIN": ("de", "en", "es", "fi", "fr", "it", "pt", "sw", "vi"),
    "CYRILLIC": ("bg", "ru"),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "ARABIC": ("ar", "fa", "ur"),
    "BENGALI": ("bn",),
    "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",),
    "KANNADA": ("kn",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "THAI": ("th",),
    "HANGUL": ("ko",),
    "CJK": ("zh",),
}
"""Scripts by the first word of their letters' Unicode names, with the languages told in each."""

_COMMON: Mapping[str, str] = {
    "de": "der die das und ist nicht ein eine zu mit auf für sich auch sie ich wir",
    "en": "the and of to is that in it for with you this be are was as on not my we",
    "es": "el la los las y que de en un una es por con para no se del como",
    "fi": "ja on ei se että hän ovat olen mutta kun niin myös joka mitä tai voi sen minä",
    "fr": "le les des et est une dans que qui pour pas sur avec vous nous il elle du",
    "it": "il di che è la per non una sono con del della gli si più anche mi le",
    "pt": "o os a as e que de em um uma não para com do da é mais seu",
    "sw": "na ya wa kwa ni katika za la kuwa cha hii yake sana lakini au kama hiyo si",
    "vi": "và của là không có được một cho người những trong với đã này các bạn tôi",
    "bg": "и на е се да за от не са това като със ще си но по ме",
    "ru": "и в не на что с это как по но он она я мы вы для от",
    "hi": "है हैं और का की के में नहीं यह को से पर था एक भी वह हो थे मैं",
    "mr": "आहे आहेत आणि नाही मध्ये हे ही तो ती होते हा या एक मी आपण साठी पण",
    "ne": "छ छन् र मा यो हो पनि भएको गर्न हुन्छ गर्ने तपाईं लागि छैन थियो एक म हामी",
    "ar": "في من على هذا أن إلى التي الذي هو هي لا ما كان عن مع هذه",
    "fa": "است و در از که را این با به برای آن می هم یک ها تا",
    "ur": "ہے ہیں اور کا کی کے میں نہیں یہ کو سے پر تھا ایک بھی وہ نے",
}
"""Commonest words of the languages that share a script."""

TONGUES = frozenset(code for codes in _SCRIPTS.values() for code in codes)
"""Languages that can be told, by their codes."""

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f])*")


def tongue(text: str) -> str | None:
    """Return the code of the language that most of *text* is in; None where nothing tells."""
    letters = [character for character in text if character.isalpha()]
    for name, codes in _SCRIPTS.items():
        inside = sum(unicodedata.name(one, "").startswith(name) for one in letters)
        if letters and inside / len(letters) >= MOST_OF_IT:
            return codes[0] if len(codes) == 1 else _by_words(text, codes)
    return None


def _by_words(text: str, codes: tuple[str, ...]) -> str | None:
    found = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    counts = {code: sum(word in _COMMON[code].split() for word in found) for code in codes}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] else None
