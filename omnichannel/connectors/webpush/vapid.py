"""Who we are to a push service (VAPID, RFC 8292): one key pair of the installation, and a signed word that runs out."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from omnichannel.connectors.webpush.seal import CURVE, packed, point_of, unpacked
from omnichannel.domain.errors import BadConfig
from omnichannel.domain.office import Secret

LIVES = timedelta(hours=12)  # at most 24 hours (RFC 8292, section 2)
RENEW = timedelta(hours=1)
SIZE = 32


class Vapid:
    """Signs for each service once in a while. The browsers know our public key: a new pair would lose every device."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, contact: str) -> None:
        self._key = key
        self._contact = contact
        self._said: dict[str, tuple[datetime, str]] = {}
        self.public = packed(point_of(key.public_key()))

    def header(self, endpoint: str, now: datetime) -> str:
        """The Authorization header for this endpoint's service."""
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        until, token = self._said.get(origin, (now, ""))
        if until - now < RENEW:
            until = now + LIVES
            token = self._token(origin, until)
            self._said[origin] = (until, token)
        return f"vapid t={token}, k={self.public}"

    def _token(self, origin: str, until: datetime) -> str:
        claims = {"aud": origin, "exp": int(until.timestamp()), "sub": self._contact}
        head = packed(_json({"typ": "JWT", "alg": "ES256"}))
        signed = f"{head}.{packed(_json(claims))}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{packed(r.to_bytes(SIZE, 'big') + s.to_bytes(SIZE, 'big'))}"


def signing_key(given: Secret | None, folder: Path) -> ec.EllipticCurvePrivateKey:
    """The key of the environment, else the one that this installation keeps."""
    return from_secret(given.reveal()) if given is not None else kept_in(folder)


def from_secret(text: str) -> ec.EllipticCurvePrivateKey:
    """The 32 bytes of a private key as base64url, which is how every tool prints a VAPID key. BadConfig."""
    try:
        raw = unpacked(text.strip())
        if len(raw) != SIZE:
            raise ValueError("not 32 bytes")
        return ec.derive_private_key(int.from_bytes(raw, "big"), CURVE)
    except ValueError:
        # Not "from error": what could not be read is the secret.
        raise BadConfig(
            "environment", "OMNI_PUSH_KEY", "32 bytes as base64url, the private half of a P-256 pair"
        ) from None


def kept_in(folder: Path) -> ec.EllipticCurvePrivateKey:
    """The key of this installation, made at first use. Two processes that begin at once keep the same one."""
    place = folder / "push.key"
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = ec.generate_private_key(CURVE).private_numbers().private_value.to_bytes(SIZE, "big")
        draft = folder / f".push.key.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(packed(fresh))
        try:
            os.link(draft, place)  # fails where another process was faster; a half-written key is never seen
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return from_secret(place.read_text(encoding="ascii"))


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
