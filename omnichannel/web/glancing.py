"""The two answers to "Mungkin darurat": it is danger, or it is none."""

from collections.abc import Callable

from aiohttp import web

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import of
from omnichannel.router import glance
from omnichannel.router.desk import Desk
from omnichannel.web import guard, scene
from omnichannel.web.keys import house

NUMBER = "{conversation:\\d{1,18}}"


def routes() -> list[web.RouteDef]:
    """Whoever may answer the citizen may answer for them."""
    return [
        web.post(f"/percakapan/{NUMBER}/darurat", guard.allow(confirm, Action.REPLY)),
        web.post(f"/percakapan/{NUMBER}/bukan-darurat", guard.allow(rule_out, Action.REPLY)),
    ]


async def confirm(request: web.Request) -> web.StreamResponse:
    """Danger: what an alarm does is done."""
    staff, parts = guard.staff(request), house(request)
    desk = Desk(office=parts.office, organisation=parts.organisation, clocks=parts.clocks, ability=parts.capabilities)
    now = parts.clock.now()
    return await _answer(request, lambda work, one: glance.confirm(work, desk, staff, one, now), "darurat")


async def rule_out(request: web.Request) -> web.StreamResponse:
    """No danger."""
    staff, now = guard.staff(request), house(request).clock.now()
    return await _answer(request, lambda work, one: glance.rule_out(work, staff, one, now), "bukan-darurat")


async def _answer(request: web.Request, story: Callable[[Work, Conversation], None], told: str) -> web.StreamResponse:
    fields, number = await guard.fields(request), int(request.match_info["conversation"])

    def asked(work: Work) -> None:
        conversation = of(work, number)
        guard.ask(request, Action.REPLY, conversation)
        story(work, conversation)

    await house(request).store.write(asked)
    return scene.back(fields, f"/kotak/semua/{number}", told)
