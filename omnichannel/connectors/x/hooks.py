"""The door of X's webhooks: the challenge, and the signature over the bytes as they came.

https://docs.x.com/x-api/webhooks/quickstart (2026-11-22): both are HMAC-SHA256 with the consumer secret, in base64;
the challenge comes at registration and every hour, and must be answered within three seconds.
"""

import base64
import hashlib
import hmac
import json

from omnichannel.domain.errors import BadSignature
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook

HEADER = "x-twitter-webhooks-signature"


class Signature:
    """What a webhook must prove; during rotation either secret will do."""

    def __init__(self, account: Account) -> None:
        keys = ("CONSUMER_SECRET", "CONSUMER_SECRET_PREVIOUS")
        self._secrets = [account.secrets[key] for key in keys if account.secret(key)]

    def greet(self, hook: Hook) -> str | None:
        """The answer to a challenge, None when this is none. X asks for it with the newest secret."""
        token = hook.query.get("crc_token")
        if hook.method != "GET" or not token:
            return None
        if not self._secrets:
            raise BadSignature("no CONSUMER_SECRET to answer a challenge with")
        return json.dumps({"response_token": sign(_bytes(token), self._secrets[0])})

    def verify(self, hook: Hook) -> None:
        """Compared on bytes and in constant time."""
        given = _bytes(hook.headers.get(HEADER, ""))
        fits = [hmac.compare_digest(given, sign(hook.body, secret).encode()) for secret in self._secrets]
        if not any(fits):
            raise BadSignature(f"{HEADER} does not match")


def sign(body: bytes, secret: Secret) -> str:
    """The header's value."""
    mac = hmac.new(secret.reveal().encode(), body, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(mac).decode()}"


def _bytes(text: str) -> bytes:
    """Any header at all as bytes: one that is no text must be a wrong secret, not a crash."""
    return text.encode("utf-8", "backslashreplace")
