"""Conversations that a client asks for: plain, with a tool, and with a schema."""

import json

_TOOL = {
    "type": "function",
    "function": {
        "name": "clock",
        "description": "Tells the time",
        "parameters": {"type": "object", "properties": {"zone": {"type": "string"}}},
    },
}
_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}
_ASKED = [{"role": "user", "content": "What is 17 times 3?"}]

TALKS = {
    "talk": json.dumps({"model": "assistant", "messages": _ASKED}),
    "tools": json.dumps(
        {
            "model": "assistant",
            "messages": [{"role": "user", "content": "What does the clock say in Guangzhou?"}],
            "tools": [_TOOL],
            "tool_choice": "required",
        }
    ),
    "schema": json.dumps(
        {
            "model": "assistant",
            "messages": _ASKED,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": _SCHEMA},
            },
        }
    ),
}
"""Conversations, as the client sends them."""
