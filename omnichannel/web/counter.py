"""Who came, called or wrote a letter: staff write it down, it gets its number at once, and a receipt to hand over."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case, CaseState
from omnichannel.domain.channel import STANZAS, Channel
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.counter import KINDS, WAYS
from omnichannel.domain.errors import NotFound, StoreAway
from omnichannel.domain.house import House
from omnichannel.domain.message import iso
from omnichannel.domain.people import Contact, Staff
from omnichannel.domain.policy import Action
from omnichannel.domain.ports import Raw
from omnichannel.domain.tracking import case_code, office_secret
from omnichannel.domain.work import Actor, Message, Work
from omnichannel.web import case as cases
from omnichannel.web import guard, pages, public_files, public_form, scene
from omnichannel.web.keys import house
from omnichannel.web.public_form import DIGITS, LINE, LONGEST, MAIL, NIK, SHORTEST
from omnichannel.web.public_intake import judge
from omnichannel.web.webhooks import INTAKE

NAMES = ("lewat", "jenis", "nama", "telepon", "surel", "alamat", "nik", "diterima", "judul", "isi", "rahasia", "kunci")
LINES = ("nama", "telepon", "surel", "alamat", "judul")
OLDEST = timedelta(days=366)
AHEAD = timedelta(minutes=2)  # the clocks of two machines may differ
KEY_LONGEST = 64
WORDS = {"pengaduan": "Pengaduan", "permohonan": "Permohonan informasi", "aspirasi": "Aspirasi"}
SAYS = {
    "lewat": "Pilih lewat apa warga menyampaikannya.",
    "jenis": "Pilih jenisnya.",
    "nama_missing": "Tulis nama warga. Undang-undang meminta nama pada permohonan informasi.",
    "alamat_missing": "Tulis alamat warga. Undang-undang meminta alamat pada permohonan informasi.",
    "diterima": "Tulis kapan diterima: tanggal dan jam.",
    "future": "Waktu terima belum terjadi. Batas waktu dihitung dari saat warga menyampaikannya.",
    "old": "Waktu terima lebih dari setahun lalu. Periksa tahunnya.",
}


@dataclass(slots=True)
class Draft:
    """The form as it was typed, and what is wrong with it."""

    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    received: datetime | None = None

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def wrong(self, name: str, why: str) -> None:
        self.errors.setdefault(name, SAYS.get(why) or public_form.SAYS.get(why, why))


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for the citizen."""

    case: Case
    conversation: Conversation
    contact: Contact
    by: str


def routes() -> list[web.RouteDef]:
    return [
        web.get("/catat", guard.allow(show, Action.RECORD)),
        web.post("/catat", guard.allow(send, Action.RECORD)),
        web.get(f"/catat/{cases.NUMBER}", guard.allow(slip, Action.RECORD)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """An empty form; now is when it was received, until somebody says otherwise."""
    wording = pages.wording(request)
    now = wording.now.astimezone(wording.zone).strftime("%Y-%m-%dT%H:%M")
    return await _form(request, Draft({"diterima": now, "kunci": secrets.token_urlsafe(16)}), 200)


async def send(request: web.Request) -> web.StreamResponse:
    """Keep it, judge it, and show the receipt; or the form again with what is missing."""
    parts, fields = house(request), await guard.fields(request)
    draft = _read({name: public_form.typed(fields, name) for name in NAMES}, parts)
    uploads = []
    try:
        uploads = await public_files.read(fields)
    except public_files.BadFile as bad:
        draft.wrong("berkas", str(bad))
    if draft.errors or draft.received is None:
        return await _form(request, draft, 422)
    staff = guard.staff(request)
    try:
        files = await public_files.keep(parts.files, uploads)
    except OSError as error:
        raise StoreAway(f"attachments cannot be kept: {error.strerror}") from error
    way, name = draft["lewat"], _name(draft, staff)
    body = _body(draft, draft.received) | {"id": name, "by": f"staff:{staff.id}", "files": files}
    raw = Raw(json.dumps(body, ensure_ascii=False).encode(), {"content-type": "application/json"})
    await request.app[INTAKE].take_in(parts.connectors[way], [raw])
    message = await parts.store.read(lambda work: work.messages.by_external(way, name))
    if message is None:
        raise RuntimeError("a record was kept in the ledger and could not be read")
    await judge(parts, message)
    number = await parts.store.write(lambda work: _recorded(work, staff, message, parts.clock.now()))
    where = f"/catat/{number}" if number else f"/kotak/semua/{message.conversation_id}"
    return web.Response(status=303, headers={"Location": where})


async def slip(request: web.Request) -> web.StreamResponse:
    """The receipt: number, code, due day, and how to ask."""
    number, parts = request.match_info["number"], house(request)

    def question(work: Work) -> Slip:
        found = cases.find(work, number)
        if found.conversation.account not in WAYS:
            raise NotFound("Tanda terima dicetak hanya untuk tatap muka, telepon, dan surat.")
        by = next((one.actor_name for one in found.happenings if one.verb == "recorded"), None)
        return Slip(found.case, found.conversation, found.contact, by or "")

    # The secret may have to be drawn first, so it is asked for where one may write.
    secret = await parts.store.write(office_secret)
    seen, found = await scene.read(request, question)
    guard.ask(request, Action.READ, found.conversation)
    context: dict[str, Any] = scene.setting(request, seen, "catat") | {
        "case": found.case,
        "conversation": found.conversation,
        "contact": found.contact,
        "by": found.by,
        "code": case_code(secret, found.case.number),
        "link": f"{parts.office.public_url}/publik/lacak",
    }
    return pages.page(request, "slip.html", **context)


def _read(values: Mapping[str, str], parts: House) -> Draft:
    """Each fault noted beside its field."""
    draft = Draft(values)
    if draft["lewat"] not in WAYS or draft["lewat"] not in parts.connectors:
        draft.wrong("lewat", "lewat")
    if draft["jenis"] not in KINDS:
        draft.wrong("jenis", "jenis")
    for name in LINES:
        if len(draft[name]) > LINE:
            draft.wrong(name, "line_long")
    if not SHORTEST <= len(draft["isi"]) <= LONGEST:
        draft.wrong("isi", "text_long" if draft["isi"][SHORTEST:] else "text_missing")
    if draft["telepon"] and sum(sign.isdigit() for sign in draft["telepon"]) not in DIGITS:
        draft.wrong("telepon", "phone")
    if draft["surel"] and not MAIL.fullmatch(draft["surel"]):
        draft.wrong("surel", "mail")
    if draft["nik"] and not NIK.fullmatch(draft["nik"].replace(" ", "")):
        draft.wrong("nik", "nik")
    if draft["jenis"] == "permohonan":
        # A request by word of mouth is written down with name and address (UU 14/2008, Pasal 22 ayat (2) dan (3)).
        for name in ("nama", "alamat"):
            if not draft[name]:
                draft.wrong(name, f"{name}_missing")
    _when(draft, parts)
    return draft


def _when(draft: Draft, parts: House) -> None:
    """In the office's own zone; the clock starts there, and never in the future."""
    now = parts.clock.now()
    try:
        given = datetime.fromisoformat(draft["diterima"])
        at = given.replace(tzinfo=given.tzinfo or parts.office.zone)
        late, old = at > now + AHEAD, at < now - OLDEST
    except (ValueError, OverflowError):
        return draft.wrong("diterima", "diterima")
    if late or old:
        return draft.wrong("diterima", "future" if late else "old")
    draft.received = min(at, now)
    return None


def _name(draft: Draft, staff: Staff) -> str:
    """The same form sent twice is one record; the same key with other words is another."""
    words = repr(sorted((name, value) for name, value in draft.values.items() if name in NAMES))
    digest = hashlib.sha256(f"{staff.id}:{words}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{draft['kunci'][:KEY_LONGEST] or 'tanpa-kunci'}:{digest[:16]}"


def _body(draft: Draft, received: datetime) -> dict[str, Any]:
    """As `connectors.counter` describes it."""
    phone = public_form.Draft("pengaduan", {"telepon": draft["telepon"]}).phone
    return {
        "at": iso(received),
        "kind": KINDS[draft["jenis"]].value,
        "secret": draft["rahasia"] == "ya",
        "subject": draft["judul"] or None,
        "text": draft["isi"],
        "person": {
            "name": draft["nama"] or None,
            "phone": phone,
            "mail": draft["surel"] or None,
            "address": draft["alamat"] or None,
            "nik": draft["nik"].replace(" ", "") or None,
        },
    }


def _recorded(work: Work, staff: Staff, message: Message, now: datetime) -> str | None:
    """Who wrote it down stands in the history; once, however often the form is sent. Returns the running case's number."""
    known = work.screens.history(message.conversation_id, 50)
    if not any(one.verb == "recorded" for one in known):
        who = Actor(f"staff:{staff.id}", staff.name)
        conversation = work.conversations.get(message.conversation_id)
        way = conversation.channel.value if conversation is not None else None
        work.note(who, "recorded", "message", message.id, at=now, conversation_id=message.conversation_id, after=way)
    held = [one for one in work.cases.of_conversation(message.conversation_id) if one.state is not CaseState.VOIDED]
    return held[-1].number if held else None


async def _form(request: web.Request, draft: Draft, status: int) -> web.Response:
    seen, _ = await scene.read(request, lambda work: None)
    ways = {way: STANZAS[Channel(channel)].word for way, channel in WAYS.items()}
    context: dict[str, Any] = scene.setting(request, seen, "catat") | {
        "draft": draft,
        "ways": ways,
        "kinds": WORDS,
        "latest": pages.wording(request).now.astimezone(house(request).office.zone).strftime("%Y-%m-%dT%H:%M"),
        "accept": ",".join((*public_files.ALLOWED, *sorted(set(public_files.ALLOWED.values())))),
    }
    return pages.page(request, "counter.html", status, **context)
