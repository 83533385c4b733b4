"""OpenFeature's client with its OFREP provider on the service: `python -m … BASE_URL`."""

import json
import sys

from openfeature import api  # type: ignore[import-not-found]
from openfeature.contrib.provider.ofrep import OFREPProvider  # type: ignore[import-not-found]
from openfeature.evaluation_context import EvaluationContext  # type: ignore[import-not-found]


def main(base_url: str) -> dict[str, object]:
    """Evaluate flags."""
    api.set_provider(OFREPProvider(base_url))
    client = api.get_client()
    here = {"device_region": "CN", "account_region": "CN"}
    found: dict[str, object] = {}
    for name, key, context in (
        ("on", "summarize.en", EvaluationContext("device-1", here)),
        ("abroad", "summarize.en", EvaluationContext("device-1", here | {"device_region": "US"})),
        ("unknown", "nothing.en", EvaluationContext("device-1", here)),
        ("nobody", "summarize.en", EvaluationContext(None, here)),
    ):
        details = client.get_boolean_details(key, False, context)
        found[name] = {
            "value": details.value,
            "reason": str(details.reason),
            "error": str(details.error_code),
            "metadata": dict(details.flag_metadata),
        }
    return found


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))  # noqa: T201
