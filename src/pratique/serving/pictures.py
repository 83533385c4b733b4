"""Pictures of a request: decoded safely and written anew before they go anywhere."""

import binascii
from base64 import b64decode
from collections.abc import Mapping

from pratique.errors import Malformed
from pratique.partners.contract import Picture
from pratique.partners.pictures import MOST_BYTES, sound_picture
from pratique.people.consents import FIELD as CONSENT

FIELD = "image"
"""Field of an input that holds a picture: `{media_type, data}`, the data in base64."""


def picture_of(request: Mapping[str, object]) -> Picture | None:
    """Return the picture of *request*, upright and without any metadata; None where it has none.

    Raises:
        Malformed: it is no picture that is taken. The text holds nothing of it.
    """
    image = request.get(FIELD)
    if not isinstance(image, Mapping):
        return None
    text = str(image["data"])
    if len(text) > MOST_BYTES * 4 // 3 + 4:
        raise Malformed(
            f"the picture has more than {MOST_BYTES} bytes", hint="send a smaller picture"
        )
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(
            "the picture's data are no base64", hint="encode the file as it is"
        ) from None
    return sound_picture(data, str(image["media_type"]))


def in_words(request: Mapping[str, object]) -> Mapping[str, object]:
    """Return *request* as templates see it: without its picture, which goes beside the words, and
    without the token of the user's consent, which goes nowhere."""
    return {name: value for name, value in request.items() if name not in (FIELD, CONSENT)}
