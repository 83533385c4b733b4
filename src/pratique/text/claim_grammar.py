"""Small words that tell what a form is where it stands: a noun, a passive, something asked for."""

BE = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "'s",
        "'re",
        "gets",
        "get",
        "got",
        "keeps",
        "still",
    ]
)
"""Forms of `be`: what stands behind them in -ing goes on."""

ARTICLES = frozenset(
    [
        "a",
        "an",
        "the",
        "his",
        "her",
        "its",
        "their",
        "our",
        "my",
        "your",
        "this",
        "that",
        "no",
        "all",
    ]
)
"""What stands behind them is a noun."""

A = frozenset(["a", "an", "the"])
"""Articles proper."""

HAVE = frozenset(["has", "have", "had"])
"""Behind them `to` means a duty."""

MODALS = frozenset(
    [
        "may",
        "might",
        "could",
        "would",
        "can",
        "should",
        "to",
        "或",
        "可",
        "未",
        "待",
        "尚",
        "还",
        "将",
        "能",
        "会",
    ]
)
"""Behind them a verb is not done yet."""

ASKED = frozenset(
    [
        "asked",
        "askedfor",
        "offered",
        "motion",
        "application",
        "request",
        "proposal",
        "proposed",
        "plan",
        "plans",
        "bid",
        "petition",
        "inquiry",
        "investigation",
        "trial",
        "probe",
        "investigate",
        "申请",
        "提案",
        "议案",
        "提议",
        "方案",
        "请求",
        "调查",
        "试验",
        "检测",
        "化验",
    ]
)
"""What an answer is given to: these words leave the answer as sure as it is."""

SUFFERED = frozenset(["被", "遭"])
"""Marks of the Chinese passive."""

DONE = frozenset(["已", "了", "曾"])
"""Marks of what is done in Chinese."""

FINITE = frozenset(["been", "was", "were", "has", "have", "had", "being", "do", "does", "did"])
"""Behind them a verb is no present tense."""
