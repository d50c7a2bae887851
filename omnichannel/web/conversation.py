"""Pieces of one conversation for the open page, and the buttons that order it: take, give, put off, finish."""

from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox import telling, triage
from omnichannel.inbox.reply import actor, of
from omnichannel.router import alarm, aside
from omnichannel.web import beside, guard, inbox, pages, scene, sleeping
from omnichannel.web import talk as talks
from omnichannel.web.keys import house

T = TypeVar("T")
NUMBER = "{conversation:\\d{1,18}}"
MOST = 200  # messages that one refresh of a long stream may ask for


def routes() -> list[web.RouteDef]:
    return [
        web.get(f"/percakapan/{NUMBER}/aliran", guard.allow(stream, Action.READ)),
        web.get(f"/percakapan/{NUMBER}/tentang", guard.allow(about, Action.READ)),
        web.get(f"/percakapan/{NUMBER}/kepala", guard.allow(head, Action.READ)),
        web.get(f"/percakapan/{NUMBER}/jawab", guard.allow(answer, Action.READ)),
        web.get(f"/percakapan/{NUMBER}/aturan", guard.allow(ruled, Action.READ)),
        web.post(f"/percakapan/{NUMBER}/tugaskan", guard.allow(assign, Action.ASSIGN)),
        web.post(f"/percakapan/{NUMBER}/unit", guard.allow(pass_on, Action.ASSIGN)),
        web.post(f"/percakapan/{NUMBER}/selesai", guard.allow(resolve, Action.RESOLVE)),
        web.post(f"/percakapan/{NUMBER}/buka", guard.allow(reopen, Action.RESOLVE)),
        web.post(f"/percakapan/{NUMBER}/tunda", guard.allow(snooze, Action.RESOLVE)),
        web.post(f"/percakapan/{NUMBER}/sisihkan", guard.allow(set_aside, Action.RESOLVE)),
        web.post(f"/percakapan/{NUMBER}/baca", guard.allow(read, Action.REPLY)),
        web.get("/alarm/pita", guard.allow(alarms, Action.SEE_DESK)),
        web.post("/alarm/{alarm:\\d{1,18}}/terima", guard.allow(take_alarm, Action.ACKNOWLEDGE_ALARM)),
    ]


async def stream(request: web.Request) -> web.StreamResponse:
    """The messages: those before `?sebelum=`, or the newest `?banyak=`."""
    before, many = inbox.number(request.query.get("sebelum")), inbox.number(request.query.get("banyak"))
    context = await _piece(request, before_id=before, limit=min(MOST, max(talks.PAGE, many or 0)))
    return pages.fragment(request, "parts/stream.html", **context)


async def about(request: web.Request) -> web.StreamResponse:
    """The panel beside the conversation."""
    number, staff = int(request.match_info["conversation"]), guard.staff(request)
    pieces = await _piece(request)
    found = await house(request).store.read(lambda work: beside.beside(work, staff, work.conversations.get(number)))
    return pages.fragment(request, "parts/about.html", **pieces, **beside.context(found))


async def head(request: web.Request) -> web.StreamResponse:
    """The citizen's name, the buttons, and the case's line under them."""
    return pages.fragment(request, "parts/head.html", **await _piece(request))


async def answer(request: web.Request) -> web.StreamResponse:
    """The composer with a fresh key: a new word from the citizen opens the channel's window again."""
    return pages.fragment(request, "parts/composer.html", **await _piece(request))


async def ruled(request: web.Request) -> web.StreamResponse:
    """What rules did here and suggest."""
    return pages.fragment(request, "parts/ruled.html", **await _piece(request))


async def assign(request: web.Request) -> web.StreamResponse:
    """Take it, or give it to a colleague. `lihat` is the holder whom the page showed."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    chosen = str(fields.get("petugas", ""))
    holder = inbox.number(chosen)
    if chosen and holder is None:
        raise Invalid("Pilih petugas dari daftar.")
    # A form that does not say whom it showed has seen nobody: it takes only what is free.
    seen = inbox.number(str(fields.get("lihat", ""))) or 0
    word = str(fields.get("pesan", ""))
    await _change(
        request,
        Action.ASSIGN,
        lambda work, one: triage.assign(work, staff, one.id, holder, now=now, seen=seen, word=word),
    )
    return _done(request, fields)


async def pass_on(request: web.Request) -> web.StreamResponse:
    """Lay it on another unit's table."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    unit, now = str(fields.get("unit", "")) or None, parts.clock.now()
    if unit is not None and unit not in parts.organisation:
        raise Invalid("Unit itu tidak ada di susunan organisasi.")
    seal = str(fields.get("keadaan", ""))

    def story(work: Work, one: Conversation) -> None:
        telling.must_be_as_seen(work, one, seal, "holder", "unit")
        triage.pass_to_unit(work, staff, one.id, unit, now=now)

    await _change(request, Action.ASSIGN, story)
    return _done(request, fields)


async def resolve(request: web.Request) -> web.StreamResponse:
    """Done, as far as we are concerned."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    await _put_off(request, fields, lambda work, one: triage.resolve(work, staff, one.id, now=now))
    return _done(request, fields, "selesai")


async def reopen(request: web.Request) -> web.StreamResponse:
    """Not done after all."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    await _change(request, Action.RESOLVE, lambda work, one: triage.reopen(work, staff, one.id, now=now))
    return _done(request, fields)


async def set_aside(request: web.Request) -> web.StreamResponse:
    """Nobody's matter: kept, but out of the lists. "Buka lagi" brings it back."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    chosen = str(fields.get("sebab", ""))
    if chosen not in set(aside.Aside):
        raise Invalid("Pilih sebabnya.")
    why, who = aside.Aside(chosen), actor(staff)
    await _put_off(request, fields, lambda work, one: aside.put_aside(work, one, why, who, now))
    return _done(request, fields, "sisih")


async def snooze(request: web.Request) -> web.StreamResponse:
    """Out of sight until what was chosen."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    story = sleeping.chosen(fields, staff, parts.clocks.calendar, parts.clock.now())
    await _put_off(request, fields, story)
    return _done(request, fields, "tunda")


async def read(request: web.Request) -> web.StreamResponse:
    """The open page has shown the newest message."""
    staff, parts = guard.staff(request), house(request)
    now = parts.clock.now()

    def seen(work: Work, one: Conversation) -> None:
        able = parts.capabilities(one.account, one.surface)
        triage.mark_read(work, staff, one.id, now=now, capabilities=able)

    await _change(request, Action.REPLY, seen)
    return web.Response(status=204)


async def alarms(request: web.Request) -> web.StreamResponse:
    """The band of open alarms, for every page that is open."""
    staff = guard.staff(request)
    found = await house(request).store.read(lambda work: scene.open_alarms(work, staff))
    may_alarm = scene.abilities(staff)[Action.ACKNOWLEDGE_ALARM.value]
    here = guard.local(request.query.get("di"))
    return pages.fragment(request, "parts/alarms.html", alarms=found, may_alarm=may_alarm, here=here)


async def take_alarm(request: web.Request) -> web.StreamResponse:
    """Somebody has it in hand."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now = int(request.match_info["alarm"]), parts.clock.now()
    await parts.store.write(lambda work: alarm.acknowledge(work, staff, number, now=now))
    return scene.back(fields, inbox.FIRST_VIEW, "alarm")


async def _piece(request: web.Request, *, before_id: int | None = None, limit: int = talks.PAGE) -> dict[str, Any]:
    """The conversation as a fragment needs it."""
    number, staff, parts = int(request.match_info["conversation"]), guard.staff(request), house(request)
    found = await parts.store.read(lambda work: talks.find(work, number, before_id=before_id, limit=limit))
    guard.ask(request, Action.READ, found.conversation)
    talk = talks.lay_out(parts, staff, found, pages.wording(request))
    here = guard.local(request.query.get("di") or f"/kotak/semua/{number}")
    return scene.words(request, lean=True) | {"talk": talk, "here": here, "view": "semua", "query": ""}


async def _change(request: web.Request, action: Action, story: Callable[[Work, Conversation], T]) -> T:
    """Run the story on the conversation of the address, if the asker may: asked inside the transaction, so that a
    conversation that has just gone to another unit is out of reach."""
    number = int(request.match_info["conversation"])

    def asked(work: Work) -> T:
        conversation = of(work, number)
        guard.ask(request, action, conversation)
        return story(work, conversation)

    return await house(request).store.write(asked)


async def _put_off(request: web.Request, fields: guard.Fields, story: Callable[[Work, Conversation], object]) -> None:
    """What takes a conversation out of sight wants that nobody took it, and no citizen wrote, since the page was drawn."""
    seal = str(fields.get("keadaan", ""))

    def asked(work: Work, one: Conversation) -> None:
        telling.must_be_as_seen(work, one, seal, "heard", "holder")
        story(work, one)

    await _change(request, Action.RESOLVE, asked)


def _done(request: web.Request, fields: guard.Fields, told: str | None = None) -> web.Response:
    return scene.back(fields, f"/kotak/semua/{request.match_info['conversation']}", told)
