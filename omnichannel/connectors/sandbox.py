"""A make-believe channel: the demo and the tests need no account, and a new connector has a plain example to follow.

What it receives, by webhook (POST /hooks/<account>, header `X-Sandbox-Signature: sha256=<hex HMAC-SHA256 of the body>`)
or as the answer of GET /events?after=<cursor>, is a batch:

    {"events": [
        {"type": "incoming", "id": "m1", "thread": "t1", "surface": "direct", "from": {"id": "c1", "name": "Siti",
         "handle": "siti", "phone": "+62…"}, "at": "2026-11-22T06:05:00Z", "text": "…", "reply_to": "m0", "quoted": "…",
         "album": "a1", "location": {"lat": 0.5, "lon": 117.6},
         "files": [{"id": "f1", "name": "jalan.jpg", "media_type": "image/jpeg", "size": 1234}]},
        {"type": "echo", …as incoming…},
        {"type": "edited", "target": "m1", "thread": "t1", "from": {…}, "at": "…", "text": "…"},
        {"type": "withdrawn", "target": "m1", …}, {"type": "reaction", "target": "m1", "emoji": "👍" or "", …},
        {"type": "receipt", "target": "s1", "status": "delivered", …, "error": {"code": "…", "title": "…"}},
        {"type": "notice", "id": "n1", "thread": "t1", "from": {…}, "at": "…", "text": "…"}
    ], "cursor": "7"}

What it calls: GET /me, GET /events?after=, GET /files/<id>, and POST /send with
{"key", "thread", "to", "text", "reply_to", "files": [{"name", "media_type", "content": base64}]} → {"id", "at"}.
Every call carries `Authorization: Bearer SECRET`; a refusal reads {"error": {"code", "title"}}.

Options: base_url, `mode` = "webhook" | "poll". Secret: SECRET and, during rotation, SECRET_PREVIOUS.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from omnichannel.connectors.http import Answer, Http, judge
from omnichannel.connectors.reading import (
    Unreadable,
    degrees,
    glance,
    load,
    moment,
    part,
    parts,
    size,
    things,
    unreadable_body,
    unreadable_item,
    word,
)
from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.errors import BadSignature, Refused, TooLong, TryLater, Unsure
from omnichannel.domain.message import (
    Attachment,
    Author,
    Delivery,
    Event,
    EventType,
    Location,
    Outgoing,
    Problem,
    Sent,
    iso,
)
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Batch, Hook, Raw

SIGNATURE = "x-sandbox-signature"
# Our own numbers: as strict as the strictest of the real channels, so that the demo shows every limit.
_CAN = Capabilities(text_limit=2000, receipts=True, attachment_limit=10 * 1024 * 1024, edit=True)


class SandboxConnector:
    """One account of the make-believe channel, told by webhook."""

    channel: Channel = Channel.SANDBOX
    surfaces: Mapping[Surface, Capabilities] = {Surface.DIRECT: _CAN, Surface.PUBLIC: _CAN}

    def __init__(self, account: Account) -> None:
        self.account = account.name
        self._secrets = [account.secrets[key] for key in ("SECRET", "SECRET_PREVIOUS") if account.secret(key)]
        bearer = {"Authorization": f"Bearer {account.secret('SECRET')}"}
        self._http = Http(
            account.text("base_url", "http://127.0.0.1:9"),
            secrets=[one.reveal() for one in self._secrets],
            headers=bearer,
        )
        self._patience = timedelta(seconds=float(account.options.get("timeout_seconds", 30)))

    async def open(self) -> None:
        await self.probe()

    async def close(self) -> None:
        await self._http.close()

    async def probe(self) -> str:
        name = word((await self._ask("/me")).json(), "name")
        return f"@{name or self.account}"

    async def expires(self) -> datetime | None:
        """When our secret dies, as the toy says."""
        return moment(word((await self._ask("/me")).json(), "expires_at"))

    def greet(self, hook: Hook) -> str | None:
        """A GET with `challenge` is answered with it, as Meta's handshake is."""
        return hook.query.get("challenge") if hook.method == "GET" else None

    def verify(self, hook: Hook) -> None:
        given = hook.headers.get(SIGNATURE, "").encode("utf-8", "backslashreplace")
        fits = [hmac.compare_digest(given, sign(hook.body, secret.reveal()).encode()) for secret in self._secrets]
        if not any(fits):
            raise BadSignature(f"{SIGNATURE} does not match")

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        try:
            batch = load(raw.body)
            if not isinstance(batch, dict) or not isinstance(batch.get("events"), list):
                raise Unreadable("objek dengan larik events")
        except Unreadable as error:
            return (unreadable_body(raw.body, str(error)),)
        return tuple(_event(item) for item in things(batch, "events"))

    async def send(self, outgoing: Outgoing) -> Sent:
        if len(outgoing.text) > _CAN.text_limit:
            raise TooLong(f"Pesan {len(outgoing.text)} huruf; paling banyak {_CAN.text_limit}.", code="too_long")
        if not outgoing.text.strip() and not outgoing.files:
            raise Refused("Pesan kosong.", code="empty")
        answer = await self._http.tell("POST", "/send", json=_letter(outgoing), patience=self._patience)
        _raise(answer, sending=True)
        said = answer.json()
        number = word(said, "id")
        if number is None:
            raise Unsure("Kanal menerima pesan tanpa menyebut nomornya. Periksa di kanalnya.")
        return Sent(external_id=number, at=moment(said.get("at")))

    async def fetch(self, attachment: Attachment) -> bytes:
        if attachment.id is None:
            raise Refused("Lampiran ini tidak punya tanda berkas.", code="no_file_id")
        return (await self._ask(f"/files/{quote(attachment.id, safe='')}")).body

    async def _ask(self, path: str) -> Answer:
        answer = await self._http.ask("GET", path, patience=self._patience)
        _raise(answer, sending=False)
        return answer


class PolledSandbox(SandboxConnector):
    """The same, asking."""

    async def poll(self, cursor: str | None) -> Batch:
        answer = await self._ask(f"/events?after={quote(cursor or '', safe='')}")
        batch = answer.json()
        if not isinstance(batch, dict) or not isinstance(batch.get("events"), list):
            raise TryLater("Jawaban kanal tidak dapat dibaca.")
        raws = tuple(Raw(json.dumps({"events": [one]}).encode()) for one in batch["events"])
        return Batch(raws, word(batch, "cursor") or cursor)


def build(account: Account) -> SandboxConnector:
    """The catalogue's builder."""
    return PolledSandbox(account) if account.text("mode") == "poll" else SandboxConnector(account)


def sign(body: bytes, secret: str) -> str:
    """The signature of a body."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _event(item: object) -> Event:
    try:
        return _read(item)
    except Unreadable as error:
        return unreadable_item(item, str(error))


def _read(item: object) -> Event:
    if not isinstance(item, dict):
        raise Unreadable(f"peristiwa: objek, bukan {type(item).__name__}")
    kind = word(item, "type") or ""
    known = EventType(kind) if kind in set(EventType) else EventType.UNKNOWN
    target, at = word(item, "target"), moment(item.get("at"))
    said = item.get("text", "")
    if not isinstance(said, str):
        raise Unreadable("text: teks")
    return Event(
        type=known,
        external_id=_id(item, known, target),
        target=target,
        conversation=_needed(item, "thread"),
        surface=Surface.PUBLIC if item.get("surface") == "public" else Surface.DIRECT,
        author=_author(part(item, "from")),
        sent_at=at,
        reply_to=word(item, "reply_to"),
        quoted=word(item, "quoted"),
        album=word(item, "album"),
        text=_text(item, known),
        attachments=tuple(_file(one) for one in parts(item, "files")),
        location=_location(part(item, "location")),
        status=_status(item) if known is EventType.RECEIPT else None,
        error=_problem(part(item, "error")),
    )


def _text(item: dict[str, Any], known: EventType) -> str:
    if known is EventType.REACTION:
        return word(item, "emoji") or ""
    if known is EventType.UNKNOWN:
        return word(item, "text") or glance(item)
    return word(item, "text") or ""


def _id(item: dict[str, Any], known: EventType, target: str | None) -> str:
    """A message has its own id; any other event is named after its target, its kind and what makes it unlike the next."""
    if known in (EventType.INCOMING, EventType.ECHO, EventType.NOTICE, EventType.UNKNOWN):
        return _needed(item, "id")
    if target is None:
        raise Unreadable("target: tanda pesan")
    at = moment(item.get("at"))
    when = iso(at) if at else ""
    detail = {
        EventType.REACTION: f"{word(item, 'emoji') or '-'}:{word(part(item, 'from'), 'id')}:{when}",
        EventType.RECEIPT: word(item, "status") or "",
    }.get(known, when)
    return f"{target}#{known}#{detail}"


def _needed(item: dict[str, Any], key: str) -> str:
    found = word(item, key)
    if found is None:
        raise Unreadable(f"{key}: teks")
    return found


def _author(found: dict[str, Any]) -> Author:
    return Author(_needed(found, "id"), word(found, "name"), word(found, "handle"), word(found, "phone"))


def _file(found: dict[str, Any]) -> Attachment:
    media_type = word(found, "media_type") or "application/octet-stream"
    return Attachment(media_type, name=word(found, "name"), size=size(found, "size"), id=word(found, "id"))


def _location(found: dict[str, Any]) -> Location | None:
    lat, lon = degrees(found, "lat", 90), degrees(found, "lon", 180)
    return None if lat is None or lon is None else Location(lat, lon)


def _status(item: dict[str, Any]) -> Delivery:
    status = word(item, "status")
    if status not in ("sent", "delivered", "read", "failed"):
        raise Unreadable("status: sent, delivered, read atau failed")
    return Delivery(status)


def _problem(found: dict[str, Any]) -> Problem | None:
    code = word(found, "code")
    return None if code is None else Problem(code, word(found, "title") or code)


def _letter(outgoing: Outgoing) -> dict[str, Any]:
    return {
        "key": outgoing.key,
        "thread": outgoing.address.conversation,
        "to": outgoing.address.contact,
        "text": outgoing.text,
        "reply_to": outgoing.reply_to,
        "files": [
            {"name": one.name, "media_type": one.media_type, "content": base64.b64encode(one.content).decode()}
            for one in outgoing.files
        ],
    }


def _raise(answer: Answer, *, sending: bool) -> None:
    """The channel's own codes speak of the recipient; a bare status is judged as everywhere."""
    said = part(answer.json(), "error")
    code = word(said, "code")
    if code is not None and answer.status in (400, 403, 404, 409, 413, 422) and code != "account":
        raise Refused(word(said, "title") or f"Kanal menolak: {code}.", code=code)
    error = judge(answer, sending=sending)
    if error is not None:
        raise error
