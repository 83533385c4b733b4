"""OpenAI's own client on the service: `python -m … BASE_URL TOKEN`; prints what it made of the answers."""

import json
import sys

from openai import APIStatusError, OpenAI  # type: ignore[import-not-found]

from tools.checks.serving.talks import TALKS

TEXT = "The pool is closed on Friday. Bring your own water."


def main(base_url: str, token: str, consents: dict[str, str]) -> dict[str, object]:
    """Make the calls."""
    headers = {"Pratique-Device-Token": token, "Pratique-Locale": "en"}
    client = OpenAI(base_url=base_url, api_key="none", max_retries=0, default_headers=headers)
    ask = [{"role": "user", "content": TEXT}]
    plain = client.chat.completions.create(model="summarize", messages=ask)
    form = client.chat.completions.create(
        model="summarize", messages=ask, response_format={"type": "json_object"}
    )
    found: dict[str, object] = {
        "plain": plain.choices[0].message.content,
        "finish": plain.choices[0].finish_reason,
        "label": plain.model_extra["pratique"]["label"]["visible"],
        "json": json.loads(form.choices[0].message.content),
        "models": [model.id for model in client.models.list()],
        "model": client.models.retrieve("summarize").id,
    }
    stream = client.chat.completions.create(
        model="summarize", messages=ask, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    found["streamed"] = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    found["usage"] = chunks[-1].usage is not None
    try:
        client.chat.completions.create(model="nothing", messages=ask)
    except APIStatusError as error:
        found["error"] = [type(error).__name__, error.code]
    for name, consent in consents.items():
        found[name] = _talk(client, name, consent)
    return found


def _talk(client: OpenAI, name: str, consent: str) -> object:
    request = json.loads(TALKS[name])
    answer = client.chat.completions.create(extra_headers={"Pratique-Consent": consent}, **request)
    message = answer.choices[0].message
    calls = [(one.function.name, one.function.arguments) for one in message.tool_calls or ()]
    return [answer.choices[0].finish_reason, message.content, calls]


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))))  # noqa: T201
