"""Many conversations at once from the work list: one request, one answer with what became of each, one way back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web

from omnichannel.domain.bulk import MOST, UNDO_OPEN_SECONDS, UNDO_SECONDS, Change, Deed, Kept
from omnichannel.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox import bulk as stories
from omnichannel.inbox import labelling, triage
from omnichannel.inbox.reply import actor
from omnichannel.router import aside
from omnichannel.web import asked, guard, inbox, labels, pages, scene
from omnichannel.web.keys import house
from omnichannel.web.sleeping import moment

TAKE = "ambil"  # the form's word for: give them to me
SHOWN = 6  # refusals told by name; the others are counted
WHY_NOT = (Conflict, Invalid, NotAllowed, NotFound)

# {n} conversations …; said in the past tense of what was asked for.
DONE = {
    Deed.ASSIGN: "{n} percakapan ditugaskan.",
    Deed.RESOLVE: "{n} percakapan ditandai selesai.",
    Deed.READ: "{n} percakapan ditandai sudah dibaca.",
    Deed.UNREAD: "{n} percakapan ditandai belum dibaca.",
    Deed.SNOOZE: "{n} percakapan ditunda.",
    Deed.ASIDE: "{n} percakapan disisihkan.",
    Deed.REOPEN: "{n} percakapan dibuka lagi.",
    Deed.LABEL: "{n} percakapan diberi label.",
    Deed.UNLABEL: "{n} percakapan dilepas labelnya.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of them: the change, nothing (it was so already), or why not."""

    conversation_id: int
    name: str
    change: Change | None = None
    refusal: str = ""


def routes() -> list[web.RouteDef]:
    return [
        web.post("/kotak/{view}/sekaligus", guard.allow(act, Action.REPLY)),
        web.post("/sekaligus/{undo:\\d{1,18}}/urungkan", guard.allow(undo, Action.REPLY)),
    ]


async def act(request: web.Request) -> web.StreamResponse:
    """The chosen rows, or with `semua` all that the list's filters let through, up to a bound."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    deed, story, now = _deed(fields), _story(request, fields), parts.clock.now()
    chosen, more = await _chosen(request, fields)
    if not chosen:
        raise Invalid("Pilih dulu percakapannya.")

    async def one(number: int) -> Outcome:
        return await _one(request, number, lambda work: stories.act(work, staff, number, deed, story))

    found = await asyncio.gather(*(one(number) for number in chosen))
    changes = [each.change for each in found if each.change is not None]
    undo_id = (
        await parts.store.write(lambda work: work.undos.keep(staff.id, Kept(deed, now, changes))) if changes else 0
    )
    words = pages.wording(request).t(DONE[deed], n=len(changes))
    return _told(request, fields, words, found, undo_id=undo_id, more=more)


async def undo(request: web.Request) -> web.StreamResponse:
    """Each back to what it was, but for those that somebody has changed since."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now, say = int(request.match_info["undo"]), parts.clock.now(), pages.wording(request).t
    kept = await parts.store.write(lambda work: work.undos.take(staff.id, number))
    if kept is None or now - kept.at > timedelta(seconds=UNDO_OPEN_SECONDS):
        raise NotFound("Sudah tidak dapat diurungkan: waktunya lewat, atau sudah diurungkan.")

    async def one(change: Change) -> Outcome:
        def story(work: Work) -> Change:
            stories.undo(work, staff, kept, change, now=now)
            return change

        return await _one(request, change.conversation_id, story)

    found = await asyncio.gather(*(one(change) for change in kept.changes))
    back = sum(each.change is not None for each in found)
    return _told(request, fields, say("{n} percakapan dikembalikan seperti semula.", n=back), found)


async def _one(request: web.Request, number: int, story: Any) -> Outcome:
    """A story of its own for each: one that is refused undoes only itself, and all of them share a commit."""
    store = house(request).store

    def named(work: Work) -> str:
        conversation = work.conversations.get(number)
        contact = work.contacts.get(conversation.contact_id) if conversation is not None else None
        return labels.citizen(contact.label) if contact is not None else f"#{number}"

    try:
        return Outcome(number, "", await store.write(story))
    except WHY_NOT as refusal:
        name = f"#{number}" if isinstance(refusal, NotAllowed) else await store.read(named)
        return Outcome(number, name, refusal=str(refusal))


def _deed(fields: guard.Fields) -> Deed:
    chosen = str(fields.get("tindakan", ""))
    try:
        return Deed.ASSIGN if chosen == TAKE else Deed(chosen)
    except ValueError:
        raise Invalid("Pilih dulu apa yang dilakukan.") from None


def _story(request: web.Request, fields: guard.Fields) -> stories.Story:
    """What the deed does to one; Invalid where the form lacks what it needs."""
    staff, now, deed = guard.staff(request), house(request).clock.now(), _deed(fields)
    if deed is Deed.ASSIGN:
        to = staff.id if fields.get("tindakan") == TAKE else _holder(str(fields.get("petugas", "")))
        return lambda work, one: triage.assign(work, staff, one.id, to, now=now)
    if deed is Deed.SNOOZE:
        until = moment(str(fields.get("sampai", "")))
        return lambda work, one: triage.snooze(work, staff, one.id, until, now=now)
    if deed is Deed.ASIDE:
        reason = str(fields.get("sebab", ""))
        if reason not in set(aside.Aside):
            raise Invalid("Pilih sebabnya.")
        return lambda work, one: aside.put_aside(work, one, aside.Aside(reason), actor(staff), now)
    if deed in (Deed.LABEL, Deed.UNLABEL):
        chosen = inbox.number(str(fields.get("label", "")))
        if chosen is None:
            raise Invalid("Pilih dulu labelnya.")
        way = {"on" if deed is Deed.LABEL else "off": (chosen,)}
        return lambda work, one: labelling.change(work, actor(staff), one.id, **way, now=now)
    plain = {
        Deed.RESOLVE: triage.resolve,
        Deed.REOPEN: triage.reopen,
        Deed.READ: triage.mark_read,  # without the surface's abilities: no receipt leaves for what nobody opened
        Deed.UNREAD: triage.mark_unread,
    }[deed]
    return lambda work, one: plain(work, staff, one.id, now=now)


def _holder(chosen: str) -> int | None:
    if chosen == "kosong":
        return None
    number = inbox.number(chosen)
    if number is None:
        raise Invalid("Pilih petugas dari daftar.")
    return number


async def _chosen(request: web.Request, fields: guard.Fields) -> tuple[list[int], bool]:
    """Ids, each once; and whether the filters hold more than the bound."""
    if not fields.get("semua"):
        numbers = [inbox.number(str(one)) for one in fields.getall("pilih", [])]
        ids = list(dict.fromkeys(one for one in numbers if one is not None))
        if len(ids) > MOST:
            raise Invalid(f"Paling banyak {MOST} percakapan sekali jalan.")
        return ids, False
    staff, parts, wording, view = guard.staff(request), house(request), pages.wording(request), inbox.view_of(request)
    words, order = inbox.tidy(str(fields.get("cari", ""))), inbox.order_of(view, str(fields.get("urut", "")))

    def question(work: Work) -> tuple[list[int], bool]:
        what = asked.read(words, inbox.ground(parts, work, staff, wording))
        listing = inbox.listed(work, staff, view, what, scene.days(wording), None, MOST, order)
        return listing.ids, listing.after is not None

    return await parts.store.read(question)


def _told(
    request: web.Request,
    fields: guard.Fields,
    words: str,
    found: Sequence[Outcome],
    *,
    undo_id: int = 0,
    more: bool = False,
) -> web.Response:
    """A line for the list, or without script a page of its own."""
    refused = [each for each in found if each.refusal]
    back = guard.local(str(fields.get("kembali") or inbox.FIRST_VIEW))
    context: dict[str, Any] = {
        "done": words,
        "refused": refused[:SHOWN],
        "others": max(0, len(refused) - SHOWN),
        "more": more,
        "most": MOST,
        "undo_id": undo_id,
        "seconds": UNDO_SECONDS,
        "back": back,
        "gone": [each.conversation_id for each in found if each.change is not None],
    }
    if pages.wants_fragment(request):
        return pages.fragment(request, "parts/bulk-done.html", **scene.words(request), **context)
    return pages.page(request, "bulk.html", **scene.words(request), **context)
