"""Searches that people keep by name, and the few conversations that the command palette offers while somebody types."""

from aiohttp import web

from omnichannel.domain.policy import Action, scope
from omnichannel.domain.search import Hit
from omnichannel.domain.work import Work
from omnichannel.inbox import keeping
from omnichannel.web import asked, guard, inbox, labels, pages
from omnichannel.web.keys import house

OFFERED = 7


def routes() -> list[web.RouteDef]:
    return [
        web.get("/palet", guard.allow(offer, Action.SEE_DESK)),
        web.post("/pencarian", guard.allow(keep, Action.NOTE)),
        web.post("/pencarian/{saved:\\d{1,18}}/hapus", guard.allow(drop, Action.NOTE)),
    ]


async def offer(request: web.Request) -> web.StreamResponse:
    """Conversations for `?cari=`: as the search finds them, the first few."""
    staff, parts, wording = guard.staff(request), house(request), pages.wording(request)
    text = inbox.words_of(request)

    def question(work: Work) -> tuple[Hit, ...]:
        sought = asked.read(text, inbox.ground(parts, work, staff, wording)).sought
        return work.search.find(sought, scope(staff), limit=OFFERED).rows if sought.wide else ()

    found = await parts.store.read(question)
    items = [
        {
            "word": labels.citizen(hit.row.contact_label),
            "more": " · ".join(filter(None, (hit.row.case_number, wording.ago(hit.row.last_at)))),
            "href": f"/kotak/semua/{hit.row.id}",
        }
        for hit in found[:OFFERED]
    ]
    return web.json_response({"items": items})


async def keep(request: web.Request) -> web.StreamResponse:
    """Give the search that is open a name."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    name, query = (str(fields.get(field, "")).replace("\0", "") for field in ("nama", "cari"))
    await house(request).store.write(lambda work: keeping.keep(work, staff, name, query, now=now))
    return _back(fields)


async def drop(request: web.Request) -> web.StreamResponse:
    """Keep it no longer."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    saved = int(request.match_info["saved"])
    await house(request).store.write(lambda work: keeping.drop(work, staff, saved, now=now))
    return _back(fields)


def _back(fields: guard.Fields) -> web.Response:
    back = fields.get("kembali")
    address = guard.local(back) if isinstance(back, str) and back else inbox.FIRST_VIEW
    return web.Response(status=303, headers={"Location": address})
