"""The doors to merging, splitting and linking: each asks leave for every thread it touches."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Contact
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import kin, merging
from omnichannel.inbox.reply import of
from omnichannel.web import guard, inbox, labels, pages, scene
from omnichannel.web.keys import house

NUMBER = "{conversation:\\d{1,18}}"
SHOWN = 100  # messages that the page of a split offers


def routes() -> list[web.RouteDef]:
    return [
        web.post(f"/percakapan/{NUMBER}/satukan", guard.allow(merge, Action.ASSIGN)),
        web.post(f"/percakapan/{NUMBER}/lepas-gabung", guard.allow(unmerge, Action.ASSIGN)),
        web.get(f"/percakapan/{NUMBER}/pisahkan", guard.allow(choose, Action.READ)),
        web.post(f"/percakapan/{NUMBER}/pisahkan", guard.allow(split, Action.ASSIGN)),
        web.post(f"/percakapan/{NUMBER}/kembalikan", guard.allow(unsplit, Action.ASSIGN)),
        web.post(f"/percakapan/{NUMBER}/warga", guard.allow(link, Action.ASSIGN)),
    ]


async def merge(request: web.Request) -> web.StreamResponse:
    """Show another thread of this citizen within this one."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    other = inbox.number(str(fields.get("dengan", "")))
    if other is None:
        raise Invalid("Pilih percakapannya.")

    def story(work: Work, one: Conversation) -> int:
        guard.ask(request, Action.ASSIGN, of(work, other))
        return merging.merge(work, staff, other, one.id, now).id

    return _to(await _change(request, story), "satukan")


async def unmerge(request: web.Request) -> web.StreamResponse:
    """By itself again."""
    staff, now = guard.staff(request), house(request).clock.now()
    number = await _change(request, lambda work, one: merging.unmerge(work, staff, one.id, now).id)
    return _to(number, "lepas-gabung")


async def choose(request: web.Request) -> web.StreamResponse:
    """The latest messages, to tick those that are another matter."""
    number = int(request.match_info["conversation"])

    def question(work: Work) -> tuple[Conversation, Contact | None, list[Message]]:
        one = of(work, number)
        return one, work.contacts.get(one.contact_id), work.messages.thread(number, limit=SHOWN)

    seen, (one, contact, messages) = await scene.read(request, question)
    guard.ask(request, Action.READ, one)
    context: dict[str, Any] = scene.setting(request, seen, "kotak")
    name = labels.citizen(contact.label) if contact else ""
    return pages.page(request, "split.html", **context, conversation=one, name=name, messages=messages)


async def split(request: web.Request) -> web.StreamResponse:
    """Those that were ticked, in a thread of their own."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    chosen = [inbox.number(str(one)) for one in fields.getall("pesan", [])]
    numbers = [one for one in chosen if one is not None]
    made = await _change(request, lambda work, one: merging.split(work, staff, one.id, numbers, now).id)
    return _to(made, "pisahkan")


async def unsplit(request: web.Request) -> web.StreamResponse:
    """Back where they came from."""
    staff, now = guard.staff(request), house(request).clock.now()
    number = await _change(request, lambda work, one: merging.unsplit(work, staff, one.id, now).id)
    return _to(number, "kembalikan")


async def link(request: web.Request) -> web.StreamResponse:
    """The citizen of this thread is that contact as well (`sama`), is not (`lain`), or is no more (`lepas`)."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    what, other = str(fields.get("putusan", "")), inbox.number(str(fields.get("kontak", "")))
    if other is None or what not in ("sama", "lain", "lepas"):
        raise Invalid("Pilih kontaknya.")

    def story(work: Work, one: Conversation) -> int:
        if what == "lepas":
            kin.unlink(work, staff, other, one.contact_id, now)
        else:
            _ask_for_all(request, work, other)
            decide = kin.link if what == "sama" else kin.keep_apart
            decide(work, staff, one.contact_id, other, now)
        return one.id

    return _to(await _change(request, story), f"warga-{what}")


def _ask_for_all(request: web.Request, work: Work, contact_id: int) -> None:
    """Who may read none of a contact's threads does not decide who they are."""
    threads, staff = work.joins.threads([contact_id]), guard.staff(request)
    if not any(may(staff, Action.READ, one) for one in threads):
        raise Invalid("Kontak itu tidak ada.")


async def _change(request: web.Request, story: Callable[[Work, Conversation], int]) -> int:
    number = int(request.match_info["conversation"])

    def asked(work: Work) -> int:
        conversation = of(work, number)
        guard.ask(request, Action.ASSIGN, conversation)
        return story(work, conversation)

    return await house(request).store.write(asked)


def _to(number: int, told: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/kotak/semua/{number}?kabar={told}"})
