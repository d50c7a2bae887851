"""A push service and its browsers on loopback: it takes what real ones take, opens it with the browser's keys, and checks
who signed."""

import asyncio
import base64
import json
import os
import secrets
import struct
import time
from dataclasses import dataclass, field

from aiohttp import web
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
DAY = 24 * 3600
LARGEST = 4096


@dataclass
class Browser:
    """One subscription, with the half that only the browser has."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey
    auth: bytes
    got: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def p256dh(self) -> str:
        return _packed(_point(self.key.public_key()))

    @property
    def secret(self) -> str:
        return _packed(self.auth)


class PushToy:
    """`answers` are taken first, one a request: (status, headers). `hang` lets callers wait."""

    def __init__(self) -> None:
        self.browsers: dict[str, Browser] = {}
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.asked = 0
        self.refused: list[str] = []
        self.signer: str | None = None
        self.hang = False
        self._over = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.address = ""

    async def start(self) -> str:
        """Listen; returns the address, which is also the origin that a signature must name."""
        application = web.Application(client_max_size=LARGEST * 2)
        application.router.add_post("/p/{name}", self._take)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self.address

    async def stop(self) -> None:
        self._over.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def browser(self) -> Browser:
        """A fresh subscription."""
        name = secrets.token_urlsafe(12)
        made = Browser(f"{self.address}/p/{name}", ec.generate_private_key(CURVE), os.urandom(16))
        self.browsers[name] = made
        return made

    async def _take(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.hang:
            await self._over.wait()
        if self.answers:
            status, headers = self.answers.pop(0)
            return web.Response(status=status, headers=headers)
        browser = self.browsers.get(request.match_info["name"])
        if browser is None:
            return web.Response(status=410)
        body = await request.read()
        problem = self._wrong(request, body)
        if problem is None:
            try:
                browser.got.append(json.loads(_opened(body, browser)))
            except (InvalidTag, ValueError, struct.error):
                problem = (400, "cannot be opened")
        if problem is not None:
            self.refused.append(problem[1])
            return web.Response(status=problem[0], text=problem[1])
        browser.headers.append(dict(request.headers))
        return web.Response(status=201, headers={"Location": f"{self.address}/m/{secrets.token_hex(8)}"})

    def _wrong(self, request: web.Request, body: bytes) -> tuple[int, str] | None:
        headers = request.headers
        if len(body) > LARGEST:
            return 413, "too large"
        if headers.get("Content-Encoding") != "aes128gcm" or not headers.get("TTL", "").isdecimal():
            return 400, "no encoding or no TTL"
        topic = headers.get("Topic", "")
        if len(topic) > 32 or topic.strip("-_").replace("-", "").replace("_", "").isalnum() is False:
            return 400, "topic"
        return self._unsigned(headers.get("Authorization", ""))

    def _unsigned(self, header: str) -> tuple[int, str] | None:
        """RFC 8292: `vapid t=<JWT>, k=<public key>`."""
        scheme, _, rest = header.partition(" ")
        parts = dict(one.strip().split("=", 1) for one in rest.split(",") if "=" in one)
        try:
            head, claims, signature = parts["t"].split(".")
            point, signed = _unpacked(parts["k"]), _unpacked(signature)
            r, s = int.from_bytes(signed[:32], "big"), int.from_bytes(signed[32:], "big")
            key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
            key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
            said, kind = json.loads(_unpacked(claims)), json.loads(_unpacked(head))
        except (KeyError, ValueError, InvalidSignature):
            return 401, "signature"
        if scheme != "vapid" or kind.get("alg") != "ES256" or said.get("aud") != self.address:
            return 401, "audience"
        if not time.time() < said.get("exp", 0) <= time.time() + DAY:
            return 401, "expiry"
        if not str(said.get("sub", "")).startswith(("mailto:", "https:")):
            return 401, "contact"
        if self.signer is not None and parts["k"] != self.signer:
            return 403, "another key than the subscription's"
        return None


def _opened(body: bytes, browser: Browser) -> bytes:
    """RFC 8291 from the browser's side, written apart from the sender's so that neither can hide the other's mistake."""
    salt, (size, length) = body[:16], struct.unpack("!IB", body[16:21])
    theirs, sealed = body[21 : 21 + length], body[21 + length :]
    if len(sealed) > size:
        raise ValueError("more than one record")
    secret = browser.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    info = b"WebPush: info\x00" + _point(browser.key.public_key()) + theirs
    material = HKDF(hashes.SHA256(), 32, browser.auth, info).derive(secret)
    key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(material)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(material)
    text = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
    if not text.endswith(b"\x02"):
        raise ValueError("no last record")
    return text[:-1]


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
