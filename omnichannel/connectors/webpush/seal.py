"""A message that only one browser can open: RFC 8291 over RFC 8188 (aes128gcm), one record.

`cryptography` gives the curve and the cipher. pywebpush would bring its own way of calling (requests) and two packages
that wait for hands (http-ece, py-vapid) for what is eighty lines here, and its own call blocks a thread.
"""

import base64
import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD = 4096  # a push service takes at least 4096 bytes (RFC 8030, section 7.2, 2026-11)
LONGEST = 3500  # bytes; well within one record with its header, tag and padding
POINT, AUTH = 65, 16


@dataclass(frozen=True, slots=True)
class Reader:
    """A browser's own half: its public point and the secret that only it and we know."""

    point: bytes
    auth: bytes


def reader(p256dh: str, auth: str) -> Reader:
    """ValueError unless both are what a browser makes: a point of the curve, and sixteen bytes."""
    found = Reader(unpacked(p256dh), unpacked(auth))
    if len(found.point) != POINT or len(found.auth) != AUTH:
        raise ValueError("not a browser's keys")
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, found.point)
    return found


def seal(
    text: bytes, to: Reader, *, ours: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """The body of the request. `ours` and `salt` are fresh each time unless a test brings the RFC's own."""
    if len(text) > LONGEST:
        raise ValueError("too long for one record")
    ours, salt = ours or ec.generate_private_key(CURVE), salt or os.urandom(16)
    point = point_of(ours.public_key())
    secret = ours.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, to.point))
    both = _derived(secret, to.auth, b"WebPush: info\0" + to.point + point, 32)
    key = _derived(both, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(both, salt, b"Content-Encoding: nonce\0", 12)
    # One record, and the last one: its text ends with the byte 2 (RFC 8188, section 2).
    sealed = AESGCM(key).encrypt(nonce, text + b"\x02", None)
    return salt + struct.pack("!IB", RECORD, len(point)) + point + sealed


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point, 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def packed(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """ValueError for what is no base64url."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
