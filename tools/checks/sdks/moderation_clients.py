"""The clouds' own clients of text moderation, pointed at loopback: one line of JSON a text.

python -m tools.checks.sdks.moderation_clients CLOUD ADDRESS KEY_ID SECRET TEXT…
"""

import json
import sys
from collections.abc import Callable


def tencent(address: str, key_id: str, secret: str) -> Callable[[str], dict[str, object]]:
    """Return what asks through `tencentcloud-sdk-python-tms`."""
    import base64

    from tencentcloud.common.credential import Credential  # type: ignore[import-not-found]
    from tencentcloud.common.exception import TencentCloudSDKException  # type: ignore[import-not-found]
    from tencentcloud.common.profile.client_profile import ClientProfile  # type: ignore[import-not-found]
    from tencentcloud.common.profile.http_profile import HttpProfile  # type: ignore[import-not-found]
    from tencentcloud.tms.v20201229.models import TextModerationRequest  # type: ignore[import-not-found]
    from tencentcloud.tms.v20201229.tms_client import TmsClient  # type: ignore[import-not-found]

    profile = HttpProfile(protocol="http", endpoint=address.partition("://")[2])
    client = TmsClient(
        Credential(key_id, secret), "ap-guangzhou", ClientProfile(httpProfile=profile)
    )

    def ask(text: str) -> dict[str, object]:
        request = TextModerationRequest()
        request.Content = base64.b64encode(text.encode()).decode()
        try:
            answer = client.TextModeration(request)
        except TencentCloudSDKException as error:
            return {"error": error.get_code()}
        return {"level": answer.Suggestion, "label": answer.Label, "score": answer.Score}

    return ask


def alibaba(address: str, key_id: str, secret: str) -> Callable[[str], dict[str, object]]:
    """Return what asks through `alibabacloud_green20220302`."""
    from alibabacloud_green20220302.client import Client  # type: ignore[import-not-found]
    from alibabacloud_green20220302.models import TextModerationPlusRequest  # type: ignore[import-not-found]
    from alibabacloud_tea_openapi.utils_models import Config  # type: ignore[import-not-found]

    client = Client(
        Config(
            access_key_id=key_id,
            access_key_secret=secret,
            endpoint=address.partition("://")[2],
            protocol="http",
        )
    )

    def ask(text: str) -> dict[str, object]:
        request = TextModerationPlusRequest(
            service="llm_query_moderation",
            service_parameters=json.dumps({"content": text}, ensure_ascii=False),
        )
        try:
            body = client.text_moderation_plus(request).body
        except Exception as error:  # noqa: BLE001  (the client's classes differ by release)
            return {"error": str(getattr(error, "code", type(error).__name__))}
        if body.code != 200:
            return {"error": str(body.code)}
        first = body.data.result[0]
        return {"level": body.data.risk_level, "label": first.label, "score": first.confidence}

    return ask


def baidu(address: str, key_id: str, secret: str) -> Callable[[str], dict[str, object]]:
    """Return what asks through `baidu-aip`."""
    from aip import AipContentCensor  # type: ignore[import-not-found]
    from aip.base import AipBase  # type: ignore[import-not-found]

    AipBase._AipBase__accessTokenUrl = f"{address}/oauth/2.0/token"
    client = AipContentCensor("app", key_id, secret)
    # Its addresses are private names of its class.
    name = f"_{AipContentCensor.__name__}__textCensorUserDefinedUrl"
    path = getattr(AipContentCensor, name).partition("baidubce.com")[2]
    setattr(AipContentCensor, name, address + path)

    def ask(text: str) -> dict[str, object]:
        answer = client.textCensorUserDefined(text)
        if "error_code" in answer or "error" in answer:
            return {"error": str(answer.get("error_code") or answer["error"])}
        data = answer.get("data") or [{}]
        return {"level": answer["conclusionType"], "label": data[0].get("subType"), "score": None}

    return ask


CLOUDS = {"tencent": tencent, "alibaba": alibaba, "baidu": baidu}


def main() -> None:
    """Ask each text and print what the client made of the answer."""
    cloud, address, key_id, secret, *texts = sys.argv[1:]
    ask = CLOUDS[cloud](address, key_id, secret)
    for text in texts:
        print(json.dumps(ask(text)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
