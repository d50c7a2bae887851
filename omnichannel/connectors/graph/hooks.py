"""The door of Meta's webhooks: the handshake, and the signature over the bytes as they came.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started (2026-11-22).
"""

import hashlib
import hmac
from collections.abc import Sequence

from omnichannel.domain.errors import BadSignature
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook

HEADER = "x-hub-signature-256"


class Signature:
    """What one app's webhooks must prove; during rotation either secret will do."""

    def __init__(self, account: Account) -> None:
        self._secrets = _held(account, ("APP_SECRET", "APP_SECRET_PREVIOUS"))
        self._words = _held(account, ("VERIFY_TOKEN", "VERIFY_TOKEN_PREVIOUS"))

    def greet(self, hook: Hook) -> str | None:
        """The challenge, for whoever knows our verify token; None when this is no handshake. BadSignature."""
        if hook.method != "GET" or hook.query.get("hub.mode") != "subscribe":
            return None
        challenge = hook.query.get("hub.challenge")
        if challenge is None:
            return None
        given = _bytes(hook.query.get("hub.verify_token", ""))
        fits = [hmac.compare_digest(given, _bytes(word.reveal())) for word in self._words]
        if not any(fits):
            raise BadSignature("hub.verify_token does not match")
        return challenge

    def verify(self, hook: Hook) -> None:
        """Compared on bytes and in constant time. Meta signs what it sends, escapes and all: parse nothing before."""
        given = _bytes(hook.headers.get(HEADER, ""))
        fits = [hmac.compare_digest(given, sign(hook.body, secret).encode()) for secret in self._secrets]
        if not any(fits):
            raise BadSignature(f"{HEADER} does not match")


def sign(body: bytes, secret: Secret) -> str:
    """The header's value."""
    return f"sha256={hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()}"


def _held(account: Account, keys: Sequence[str]) -> list[Secret]:
    return [account.secrets[key] for key in keys if account.secret(key)]


def _bytes(text: str) -> bytes:
    """Any header at all as bytes: one that is no text must be a wrong secret, not a crash."""
    return text.encode("utf-8", "backslashreplace")
