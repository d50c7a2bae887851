"""The request form inside another site's frame: shown, sent and answered there, without script and without a cookie.

A browser gives a frame of another site no cookie of ours, so the usual token cannot be asked for. What stands in for it: only
the sites that the office named may show the frame (`frame-ancestors`), the browser itself says that the form was sent from a
page of ours (`Origin`), and the form carries a key that we signed less than a day ago. Nothing is done in anybody's name: the
form takes in what a stranger wrote, as it would on our own page.
"""

from aiohttp import web

from omnichannel.domain.house import House
from omnichannel.web import guard, pages, public, public_form, public_gate
from omnichannel.web.frame import FRAMED
from omnichannel.web.keys import house
from omnichannel.web.public import LARGEST, Look
from omnichannel.web.public_gate import GATE
from omnichannel.web.public_intake import must_be_open

FORM = "permohonan"
ADDRESS = f"{FRAMED}{FORM}"


def routes() -> list[web.RouteDef]:
    return [
        web.get(ADDRESS, guard.allow(show, public=True)),
        web.post(ADDRESS, guard.allow(send, public=True, limit=LARGEST, framed=True)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """An empty form, for the unit that the snippet names."""
    parts = house(request)
    must_be_open(parts)
    return await public.fresh(request, public_form.blank(FORM), _look(parts, request.query.get("unit", "")))


async def send(request: web.Request) -> web.StreamResponse:
    """Taken in like the form on our own page; with a key that is not ours or too old, the form again with a new one."""
    parts = house(request)
    must_be_open(parts)
    fields, now = await guard.fields(request), parts.clock.now()
    unit = public_form.typed(fields, "unit")
    key = public_form.typed(fields, public.KEY)
    given = public_gate.read_stamp(await request.app[GATE].secret(parts), FORM, key)
    if not given.ours or given.made_at is None or now - given.made_at > public_gate.OLDEST:
        draft = public_form.read(FORM, fields, pages.wording(request).today)
        draft.errors.clear()
        return await public.fresh(request, draft, _look(parts, unit, stale=True), 422)
    return await public.taken(request, FORM, _look(parts, unit))


def _look(parts: House, unit: str, *, stale: bool = False) -> Look:
    return Look("public/framed.html", ADDRESS, parts.organisation.get(unit), stale)
