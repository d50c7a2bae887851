"""Keys for the office's other programs: made once, shown once, ended with one click."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action
from omnichannel.domain.tokens import PREFIX
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import actor
from omnichannel.web import guard, inbox, pages, scene
from omnichannel.web.keys import house

PAGE = "/kelola/token"
LIVES = {"30": "30 hari", "90": "90 hari", "365": "1 tahun", "": "Sampai dicabut"}
LONGEST_NAME = 60
TAIL = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it was sent, and why it could not be carried out."""

    name: str = ""
    staff: int | None = None
    days: str = "90"
    writes: bool = False
    unmasked: bool = False
    error: str = ""


def routes() -> list[web.RouteDef]:
    return [
        web.get(PAGE, guard.allow(show, Action.MANAGE_STAFF)),
        web.post(PAGE, guard.allow(make, Action.MANAGE_STAFF)),
        web.post(PAGE + "/{token:\\d{1,18}}/cabut", guard.allow(end, Action.MANAGE_STAFF)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """Every key that was ever made, and the form for a new one."""
    return await _draw(request, Draft())


async def make(request: web.Request) -> web.StreamResponse:
    """A new key; its letters stand on this one answer and nowhere else."""
    fields = await guard.fields(request)
    draft = Draft(
        name=" ".join(str(fields.get("nama", "")).replace("\0", "").split()),
        staff=inbox.number(str(fields.get("petugas", ""))),
        days=str(fields.get("masa", "")),
        writes=fields.get("tulis") == "ya",
        unmasked=fields.get("utuh") == "ya",
    )
    secret = PREFIX + secrets.token_urlsafe(32)
    parts, person = house(request), guard.staff(request)
    now = parts.clock.now()
    try:
        _must_fit(draft)
        expires = now + timedelta(days=int(draft.days)) if draft.days else None

        def story(work: Work) -> None:
            hand = _hand(work, draft.staff)
            made = work.tokens.add(
                name=draft.name,
                hashed=guard.token_hash(secret),
                tail=secret[-TAIL:],
                staff_id=hand.id,
                writes=draft.writes,
                unmasked=draft.unmasked,
                made_by=person.name,
                at=now,
                expires_at=expires,
            )
            work.note(actor(person), "token_made", "token", made, at=now, after=draft.name, why=hand.login)

        await parts.store.write(story)
    except (Invalid, NotFound, Conflict) as problem:
        kept = Draft(draft.name, draft.staff, draft.days, draft.writes, draft.unmasked, str(problem))
        return await _draw(request, kept, status=409 if isinstance(problem, Conflict) else 422)
    return await _draw(request, Draft(), fresh=secret, status=201)


async def end(request: web.Request) -> web.StreamResponse:
    """From now on it opens nothing."""
    fields, person, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now = int(request.match_info["token"]), parts.clock.now()

    def story(work: Work) -> None:
        token = work.tokens.get(number)
        if token is None:
            raise NotFound("Token itu tidak ada.")
        if work.tokens.end(number, now):
            work.note(actor(person), "token_ended", "token", number, at=now, before=token.name)

    await parts.store.write(story)
    return scene.back(fields, PAGE, "tersimpan")


def _must_fit(draft: Draft) -> None:
    if not draft.name or len(draft.name) > LONGEST_NAME:
        raise Invalid("Beri nama yang dikenali, paling panjang 60 huruf.")
    if draft.days not in LIVES:
        raise Invalid("Pilih masa berlaku dari daftar.")


def _hand(work: Work, staff_id: int | None) -> Staff:
    found = work.people.get(staff_id) if staff_id is not None else None
    if found is None or found.disabled_at is not None:
        raise NotFound("Pilih petugas yang hak aksesnya dipakai token ini.")
    return found


async def _draw(request: web.Request, draft: Draft, *, fresh: str = "", status: int = 200) -> web.StreamResponse:
    seen, (tokens, people) = await scene.read(request, lambda work: (work.tokens.all(), work.people.all()))
    now = house(request).clock.now()
    context = scene.setting(request, seen, "token") | {
        "living": [one for one in tokens if one.lives(now)],
        "ended": [one for one in tokens if not one.lives(now)],
        "people": _acting(people),
        "draft": draft,
        "fresh": fresh,
        "lives": LIVES,
        "here": PAGE,
    }
    return pages.page(request, "tokens.html", status, **context)


def _acting(people: Sequence[Staff]) -> list[Staff]:
    return [one for one in people if one.disabled_at is None]
