"""One call to a browser's push service (RFC 8030): sealed, signed, and told apart by what the service answers."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from omnichannel.connectors.http import Http, retry_after
from omnichannel.connectors.webpush.seal import packed, reader, seal
from omnichannel.connectors.webpush.vapid import Vapid
from omnichannel.domain.errors import Refused, TryLater
from omnichannel.domain.pushing import Gone, Push

PATIENCE = timedelta(seconds=10)
ANSWER = 64 * 1024
# The push services of Chromium, Firefox, Edge and Safari, by the hosts that their browsers hand out (2026-11). An endpoint
# comes from a browser, and so from whoever sits at it: we call no other address.
SERVICES = ("fcm.googleapis.com", "*.push.services.mozilla.com", "*.notify.windows.com", "*.push.apple.com")


class WebPusher:
    """Fits `domain.pushing.Pusher`. The key is made (or read) when first asked for."""

    def __init__(
        self, key: Callable[[], ec.EllipticCurvePrivateKey], *, contact: str, services: Sequence[str] = ()
    ) -> None:
        self._key = key
        self._contact = contact
        self._services = (*SERVICES, *services)
        self._vapid: Vapid | None = None
        self._http = Http("")

    def key(self) -> str:
        return self._signer().public

    def accepts(self, endpoint: str) -> bool:
        try:
            parts = urlsplit(endpoint)
            host, name = (parts.hostname or "").lower(), parts.netloc.lower()
        except ValueError:
            return False
        if "@" in name or not host or len(endpoint) > 2000 or not endpoint.isascii() or not endpoint.isprintable():
            return False
        for known in self._services:
            scheme, _, wanted = known.rpartition("://")
            if parts.scheme != (scheme or "https"):
                continue
            if name == wanted or host == wanted or (wanted.startswith("*.") and host.endswith(wanted[1:])):
                return True
        return False

    async def send(self, push: Push) -> None:
        if not self.accepts(push.endpoint):
            raise Refused("Layanan push ini tidak dikenal.", code="service")
        try:
            body = seal(push.payload, reader(push.p256dh, push.auth))
        except ValueError as error:
            raise Refused("Kunci perangkat ini rusak; daftarkan ulang.", code="keys") from error
        headers = {
            "Authorization": self._signer().header(push.endpoint, datetime.now(UTC)),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(push.lives.total_seconds())),
            "Urgency": "high" if push.high else "normal",
            # At most 32 signs of base64url (RFC 8030, section 5.4).
            "Topic": packed(hashlib.sha256(push.topic.encode()).digest())[:32],
        }
        # A push with the same tag shows once on the device, so asking again after silence doubles nothing.
        answer = await self._http.ask(
            "POST", push.endpoint, patience=PATIENCE, largest=ANSWER, data=body, headers=headers
        )
        if answer.ok:
            return
        if answer.status in (404, 410):
            raise Gone
        if answer.status in (408, 425, 429) or answer.status >= 500:
            raise TryLater(f"Layanan push meminta kita menunggu ({answer.status}).", after=retry_after(answer.headers))
        raise Refused(
            f"Layanan push menolak ({answer.status}). Daftarkan ulang perangkat ini.", code=str(answer.status)
        )

    async def close(self) -> None:
        await self._http.close()

    def _signer(self) -> Vapid:
        if self._vapid is None:
            self._vapid = Vapid(self._key(), self._contact)
        return self._vapid
