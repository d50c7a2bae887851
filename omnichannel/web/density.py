"""One line a row, or two: kept with the officer, whatever computer they sit at."""

from aiohttp import web

from omnichannel.domain.errors import Invalid
from omnichannel.domain.taste import Density
from omnichannel.web import guard, inbox, scene
from omnichannel.web.keys import house


def routes() -> list[web.RouteDef]:
    return [web.post("/kepadatan", guard.allow(choose, public=True))]


async def choose(request: web.Request) -> web.StreamResponse:
    """Their own taste only, like language and theme: whoever may look may choose. LoginNeeded for a stranger."""
    fields, staff = await guard.fields(request), guard.staff(request)
    try:
        chosen = Density(str(fields.get("kepadatan", "")))
    except ValueError:
        raise Invalid("Pilih kepadatan dari daftar.") from None
    await house(request).store.write(lambda work: work.tastes.set_density(staff.id, chosen))
    return scene.back(fields, inbox.FIRST_VIEW)
