"""One page for one move: a public comment goes on in private. And the same comment, later, marked as solved in public."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from omnichannel.domain import carrying, privacy
from omnichannel.domain.carrying import Plan, Way
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid, Refused
from omnichannel.domain.office import Office
from omnichannel.domain.outreach import Carried
from omnichannel.domain.people import Contact
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import carrying as stories
from omnichannel.inbox.reply import of
from omnichannel.web import guard, pages, reaching, scene
from omnichannel.web.keys import house

MESSAGE = "{message:\\d{1,18}}"


@dataclass(frozen=True, slots=True)
class Shown:
    """The comment, where it stands, and what can be done about it."""

    comment: Message
    where: Conversation
    contact: Contact | None
    plan: Plan
    limit: int | None
    inside: int | None


def routes() -> list[web.RouteDef]:
    return [
        web.get(f"/pesan/{MESSAGE}/pindah", guard.allow(moving, Action.REPLY)),
        web.post(f"/pesan/{MESSAGE}/pindah", guard.allow(move, Action.REPLY)),
        web.get(f"/pesan/{MESSAGE}/selesai-publik", guard.allow(solving, Action.REPLY)),
        web.post(f"/pesan/{MESSAGE}/selesai-publik", guard.allow(solve, Action.REPLY)),
    ]


async def moving(request: web.Request) -> web.StreamResponse:
    """The three steps, each with its words, ready to be confirmed."""
    return await _draw(request, "carry.html")


async def solving(request: web.Request) -> web.StreamResponse:
    """The one sentence that everybody may read."""
    return await _draw(request, "carry_solved.html")


async def move(request: web.Request) -> web.StreamResponse:
    """All of it, or nothing and the reason."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    kept = {name: _words(fields, name) for name in ("publik", "pribadi", "key")}
    kept["sembunyi"] = "ya" if fields.get("sembunyi") else ""
    # A step that was not ticked is not taken, whatever its words are.
    public, private = (kept[name] if fields.get(f"langkah-{name}") else "" for name in ("publik", "pribadi"))
    now = parts.clock.now()

    def story(work: Work) -> Carried:
        number, able = _asked(request, work)
        return stories.carry_over(
            work, staff, number, hide=bool(kept["sembunyi"]), public=public, private=private, key=kept["key"], able=able, now=now
        )  # fmt: skip

    try:
        done = await parts.store.write(story)
    except (Refused, Invalid) as problem:
        ticks = {f"langkah-{name}": "ya" if fields.get(f"langkah-{name}") else "" for name in ("publik", "pribadi")}
        return await _draw(request, "carry.html", 422, error=str(problem), kept=kept | ticks)
    return _back(done, "dipindah")


async def solve(request: web.Request) -> web.StreamResponse:
    """Said under the comment, and noted."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    kept, now = {name: _words(fields, name) for name in ("publik", "key")}, parts.clock.now()

    def story(work: Work) -> Carried:
        number, able = _asked(request, work)
        return stories.solve(work, staff, number, kept["publik"], key=kept["key"], able=able, now=now)

    try:
        done = await parts.store.write(story)
    except (Refused, Invalid) as problem:
        return await _draw(request, "carry_solved.html", 422, error=str(problem), kept=kept)
    return _back(done, "selesai-publik")


def _asked(request: web.Request, work: Work) -> tuple[int, stories.Abilities]:
    """The comment of the address and what its account can do; NotAllowed where the thread is not this officer's."""
    number, parts = int(request.match_info["message"]), house(request)
    comment = work.messages.get(number)
    if comment is None:
        return number, stories.Abilities(None, None)  # the story says that it is not there
    where = of(work, comment.conversation_id)
    guard.ask(request, Action.REPLY, where)
    public = parts.capabilities(where.account, where.surface)
    return number, stories.Abilities(public, parts.capabilities(where.account, Surface.DIRECT))


async def _draw(
    request: web.Request, template: str, status: int = 200, *, error: str = "", kept: Mapping[str, str] | None = None
) -> web.StreamResponse:
    parts = house(request)
    now, office = parts.clock.now(), parts.office

    def question(work: Work) -> Shown:
        number, able = _asked(request, work)
        comment, where, plan = stories.look(work, number, able=able, now=now)
        contact = work.contacts.get(comment.contact_id) if comment.contact_id else None
        inside = (able.public.private if able.public else None) or able.direct
        limit = able.public.text_limit if able.public else None
        return Shown(comment, where, contact, plan, limit, inside.text_limit if inside else None)

    seen, shown = await scene.read(request, question)
    personal = tuple(dict.fromkeys(reaching.PERSONAL[one.kind] for one in privacy.find(shown.comment.text)))
    ready = _ready(office, shown, hidden=bool(personal) or shown.plan.hidden, repeats=_repeats(request, shown))
    context: dict[str, Any] = scene.setting(request, seen, "kotak") | {
        "shown": shown,
        "plan": shown.plan,
        "personal": personal,
        "solving": carrying.solving(shown.plan),
        "key": (kept or {}).get("key") or secrets.token_urlsafe(18),
        "kept": kept or ready,
        "error": error,
        "here": request.rel_url.raw_path_qs,
    }
    return pages.page(request, template, status, **context)


def _ready(office: Office, shown: Shown, *, hidden: bool, repeats: bool) -> dict[str, str]:
    """The words and ticks that fit: nobody has to write anything."""
    plan = shown.plan
    case = plan.case.number if plan.case else ""
    number = f"Nomor laporan Anda {case}." if case else ""
    hides = hidden and (plan.hide.allowed or plan.hidden)
    name = "komentar_disembunyikan" if hides else "lihat_pesan" if plan.way is Way.WAITS else "pindah_publik"
    said = office.notice(name, kantor=office.name)
    solved = office.notice("selesai_publik", kantor=office.name)
    if not repeats and shown.contact is not None and shown.contact.label:
        # The platform refuses a sentence that it has seen.
        said, solved = (f"{shown.contact.label}, {text[0].lower()}{text[1:]}" for text in (said, solved))
    private = " ".join(office.notice("pindah_pribadi", nomor=number, kantor=office.name).split())
    return {
        "sembunyi": "ya" if hides and not plan.hidden else "",
        "publik": said,
        "pribadi": private,
        "selesai": solved,
        "langkah-publik": "ya",
        "langkah-pribadi": "ya",
    }


def _repeats(request: web.Request, shown: Shown) -> bool:
    able = house(request).capabilities(shown.where.account, shown.where.surface)
    return able is None or able.repeats


def _words(fields: guard.Fields, name: str) -> str:
    return str(fields.get(name, "")).replace("\r\n", "\n").replace("\0", "")


def _back(done: Carried, told: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/kotak/semua/{done.conversation_id}?kabar={told}"})
