"""Address in Chinese: who is said 您 to is said 您 to throughout; a grandmother is 她."""

import re

_POLITE = re.compile(
    r"您好|尊敬的|(?:老师|先生|女士|经理|主任|院长|教授|医生|大夫|总|阿姨|叔叔)[，,：:！!]"
)
_YOU = re.compile(r"(?<![迷])你(?!们|好(?![，。！]))")
_QUOTED = re.compile(r"[“「『\"]")
_SHE = "外婆|奶奶|姥姥|妈妈|姐姐|妹妹|阿姨|女儿|婶婶|姑姑|舅妈|嫂子|外孙女|孙女|太太|妻子"
_HE = "外公|爷爷|姥爷|爸爸|哥哥|弟弟|叔叔|儿子|舅舅|姑父|姨父|外孙|孙子|先生|丈夫"
_LONG = 60
"""Characters above which a text may speak of more people than one."""


def addressed(text: str) -> str:
    """Return *text* with a 你 among polite ones made 您, and 他 or 她 made to fit the one person.

    Only where nobody else can be meant: no quotation, no other person, few words.
    """
    if _QUOTED.search(text):
        return text
    if text.count("您") >= 2 and _POLITE.search(text) and len(_YOU.findall(text)) == 1:
        text = _YOU.sub("您", text)
    return text if len(text) > _LONG else _fitting(text)


def _fitting(text: str) -> str:
    """Return *text* with its pronoun fitting the one relative that it speaks of."""
    women, men = re.findall(_SHE, text), re.findall(_HE, text)
    if len(women) == 1 and not men and text.startswith(tuple(_SHE.split("|"))):
        return re.sub(r"(?<=[，。])他(?=[^们她]|$)", "她", text) if "她" not in text else text
    if len(men) == 1 and not women and text.startswith(tuple(_HE.split("|"))):
        return re.sub(r"(?<=[，。])她(?=[^们他]|$)", "他", text) if "他" not in text else text
    return text
