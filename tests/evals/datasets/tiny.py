"""Tiny data sets in the forms of the real ones, written for these tests."""

import json
from collections.abc import Mapping
from pathlib import Path

SQUAD_EN = {
    "version": "1.1",
    "data": [
        {
            "paragraphs": [
                {
                    "context": "The ferry to Tarn leaves at noon.",
                    "qas": [
                        {
                            "id": "q1",
                            "question": "When does the ferry leave?",
                            "answers": [{"text": "noon", "answer_start": 28}],
                        },
                        {
                            "id": "q2",
                            "question": "Where to?",
                            "answers": [{"text": "Tarn", "answer_start": 13}],
                        },
                    ],
                }
            ]
        }
    ],
}
"""A file in SQuAD's form."""

SQUAD_ZH = {
    "version": "1.1",
    "data": [
        {
            "paragraphs": [
                {
                    "context": "开往塔恩的渡轮中午开。",
                    "qas": [
                        {
                            "id": "q1",
                            "question": "渡轮什么时候开？",
                            "answers": [
                                {"text": "中午", "answer_start": 7},
                                {"text": "正午时分", "answer_start": -1},
                            ],
                        },
                        {
                            "id": "q2",
                            "question": "开往哪里？",
                            "answers": [{"text": "塔恩", "answer_start": 2}],
                        },
                    ],
                }
            ]
        }
    ],
}
"""The same in Chinese."""


def _follow(source: str, level: int, instruction: str, target: str) -> dict[str, object]:
    return {
        "example_id": 1,
        "category": "mixed",
        "source": source,
        "level": level,
        "instruction": instruction,
        "target": target,
    }


def _lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _table(*rows: tuple[str, ...]) -> str:
    return "".join("\t".join(row) + "\n" for row in rows)


_SPELLING = _table(
    ("我以经到了。", "我已经到了。"),
    ("今天下雨。", "今天下雨。"),
    ("我以经到了。", "我已經到了。"),
)

_FOLLOWBENCH = {
    "content": [
        _follow("CONLL2003", 0, "", ""),
        _follow("CONLL2003", 1, "Name one river in it. Only the name.", "['Osk', 'Tarn']"),
        _follow("E2E", 1, "List its attributes.", "name[The Osk]"),
    ],
    "format": [_follow("vicuna", 1, "Write a poem of four lines.", "")],
    "mixed": [
        _follow("text_editing", 1, "Put it in capitals: osk", "OSK"),
        _follow("gigaword", 1, "Sum it up.", "Nobody was hurt."),
    ],
    "situation": [
        _follow("BBH_logical", 1, "(A) the left one (B) the right one", "(B)"),
        _follow("gsm_8k", 1, "Two at $6.50 each?", "$13"),
    ],
    "style": [_follow("quora", 0, "Where is the ferry?", "")],
}

FILES: Mapping[str, Mapping[str, str]] = {
    "zh-spelling-sighan15": {"sighan2015_test.tsv": _SPELLING},
    "zh-spelling-law": {"ec_law_test.tsv": _SPELLING},
    "zh-spelling-medical": {"mcsc_test.tsv": _SPELLING},
    "zh-grammar-mucgec": {
        "MuCGEC_dev.txt": _table(
            ("7", "我昨天去了在公园。", "我昨天去了公园。", "昨天我去了公园。"),
            ("9", "今天下雨。", "没有错误"),
        )
    },
    "en-grammar-jfleg": {
        "jfleg_dev.tsv": _table(
            (
                "He do n't like it ( much ) . ",
                'He does n\'t like it ( " much " ) . ',
                "He does not like it ( much ) . ",
                "He does n't like it ( much ) . ",
                "He does n't like it ( much ) . ",
            )
        )
    },
    "zh-abstracts-csl-ts": {
        "dev.tsv": _table(("to title", "本文研究渡轮的能耗，提出新的航线。", "渡轮能耗研究"))
    },
    "zh-abstracts-csl-kg": {
        "dev.tsv": _table(
            ("to keywords", "本文研究渡轮的能耗，提出新的航线。", "渡轮_能耗_新航线_航运"),
            ("to keywords", "本文研究渡轮。", "船舶_航运"),
        )
    },
    "zh-meetings-vcsum": {
        "short_dev.jsonl": _lines(
            {
                "id": "1_0",
                "context": [["大家好。", "今天谈渡轮。"], ["好的。"]],
                "speaker": [1, 2],
                "discussion": "讨论渡轮。",
            },
            {
                "id": "1_1",
                "context": [["长" * 12_000]],
                "speaker": [1],
                "discussion": "很长的讨论。",
            },
        )
    },
    "zh-dialogue-crosswoz": {
        "crosswoz_val.jsonl": _lines(
            {
                "id": "1",
                "goal": ["你要去一个景点。"],
                "messages": [
                    {"role": "usr", "text": "渡轮几点开？"},
                    {"role": "sys", "text": "中午十二点。"},
                    {"role": "usr", "text": "好，那我等船。"},
                    {"role": "sys", "text": "不客气。"},
                ],
            },
            {"id": "2", "goal": [], "messages": [{"role": "usr", "text": "在吗？"}]},
        )
    },
    "zh-dialogue-kdconv": {
        f"kdconv_{topic}_dev.jsonl": _lines(
            {
                "domain": topic,
                "name": "渡轮",
                "messages": ["你坐过渡轮吗？", "坐过，很慢。", "票价 12 元。"],
            },
            {"domain": topic, "name": "渡轮", "messages": ["你坐过渡轮吗？", "2019 年坐过。"]},
        )
        for topic in ("film", "music", "travel")
    },
    "en-dialogue-dialogsum": {
        "dialogsum.dev.jsonl": _lines(
            {
                "fname": "dev_0",
                "dialogue": "#Person1#: Is the ferry late?\n#Person2#: By an hour.",
                "summary": "#Person2# tells #Person1# that the ferry is late.",
                "topic": "ferry",
            },
            {
                "fname": "dev_1",
                "dialogue": "#Person1#: Is the ferry late?\n#Person2#: By an hour.",
                "summary": "The ferry is an hour late.",
                "topic": "ferry",
            },
        )
    },
    "en-dialogue-taskmaster4": {
        "data_07.jsonl": _lines(
            {
                "id": "a",
                "messages": [
                    {"role": "user", "text": "A mocha, please."},
                    {"role": "assistant", "text": "Is this your order?"},
                    {"role": "user", "text": "Quite right, thank you kindly."},
                    {"role": "assistant", "text": "It is on its way to you."},
                ],
            },
            {
                "id": "b",
                "messages": [
                    {"role": "user", "text": "A mocha, please."},
                    {"role": "assistant", "text": "We have none."},
                ],
            },
        )
    },
    "zh-en-tatoeba": {
        "cmn.txt": _table(
            ("The ferry is late.", "渡轮晚点了。"),
            ("The ferry is late.", "渡輪誤點了。"),
            ("The ferry is late.", "渡轮迟到了。"),
            ("I row now.", "我们划船去。"),
            ("Row now.", "我们划船去。"),
            ("Stay.", "坐下。"),
            ("It is a ship.", "這是一艘轮船。"),
        )
    },
    "zh-en-xquad": {
        "xquad.en.json": json.dumps(SQUAD_EN, ensure_ascii=False, indent=1),
        "xquad.zh.json": json.dumps(SQUAD_ZH, ensure_ascii=False),
    },
    "zh-qa-cmrc2018": {
        "cmrc2018_dev_part.json": json.dumps(SQUAD_ZH, ensure_ascii=False, indent=1)
    },
    "en-ifeval": {
        "ifeval_en.jsonl": _lines(
            {
                "key": 1,
                "prompt": "Write about ferries in less than 50 words and use no commas.",
                "instruction_id_list": [
                    "en:length_constraints:number_words",
                    "en:punctuation:no_comma",
                ],
                "kwargs": [{"relation": "less than", "num_words": 50}, {}],
            },
            {
                "key": 2,
                "prompt": "Write a letter that has the words ferry and noon.",
                "instruction_id_list": ["en:keywords:existence"],
                "kwargs": [{"keywords": ["ferry", "noon"]}],
            },
        )
    },
    **{
        f"{language}-followbench": {
            f"{part}_constraints.json": json.dumps(rows, ensure_ascii=False, indent=1)
            for part, rows in _FOLLOWBENCH.items()
        }
        for language in ("en", "zh")
    },
    "en-rewrite-asset": {
        "asset_test.tsv": _table(
            (
                "The ferry is thought to be the slowest of all.",
                "The ferry is slow.",
                *["x" * 90] * 9,
            ),
            ("It is slow.", *["It is very slow indeed."] * 10),
        )
    },
    "en-sms": {
        "SMSSpamCollection.tsv": _table(
            ("ham", "At the ferry, where are you?"),
            ("spam", "URGENT! You have won a ferry"),
            ("spam", "URGENT! You have won a ferry"),
        )
    },
}
"""Files of every folder."""


def written(folder: Path) -> Path:
    """Write every tiny set below *folder*, and return it."""
    for name, files in FILES.items():
        (folder / name).mkdir(parents=True)
        for file, text in files.items():
            (folder / name / file).write_text(text, encoding="utf-8")
    return folder
