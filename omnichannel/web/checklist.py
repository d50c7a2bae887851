"""The button beside each line of a case's checklist."""

from aiohttp import web

from omnichannel.domain.errors import NotFound
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox import checking
from omnichannel.web import case as cases
from omnichannel.web import guard, scene
from omnichannel.web.keys import house


def routes() -> list[web.RouteDef]:
    return [web.post(f"/kasus/{cases.NUMBER}/periksa", guard.allow(tick, Action.NOTE))]


async def tick(request: web.Request) -> web.StreamResponse:
    """Made sure of (`centang` 1), or not after all (0)."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, key, now = request.match_info["number"], str(fields.get("butir", "")), parts.clock.now()
    do = checking.tick if fields.get("centang") == "1" else checking.untick

    def story(work: Work) -> None:
        case = cases.named(work, number)
        guard.ask(request, Action.NOTE, case)
        item = next((one for one in parts.office.checklist(case.kind) if one.key == key), None)
        if item is None:
            raise NotFound("Butir itu tidak ada di daftar periksa.")
        do(work, staff, case, item, now)

    await parts.store.write(story)
    return scene.back(fields, f"/kasus/{number}")
