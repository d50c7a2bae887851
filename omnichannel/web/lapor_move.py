"""Asking LAPOR to give a report to another institution."""

from functools import partial

from aiohttp import web

from omnichannel.domain.errors import Invalid, NotAllowed, OmnichannelError, Refused, TryLater
from omnichannel.domain.policy import Action
from omnichannel.domain.ports import NotOffered, Ref
from omnichannel.domain.work import Work
from omnichannel.router import moving_on
from omnichannel.web import case as cases
from omnichannel.web import guard, lapor, scene
from omnichannel.web.keys import house


def routes() -> list[web.RouteDef]:
    return [web.post(f"/lapor/{cases.NUMBER}/limpah", guard.allow(move, Action.KEY_IN))]


async def move(request: web.Request) -> web.StreamResponse:
    """Claim it, ask with no transaction open, note what came of it."""
    fields, parts, staff = await guard.fields(request), house(request), guard.staff(request)
    number, chosen, reason = (
        request.match_info["number"],
        str(fields.get("instansi", "")),
        str(fields.get("alasan", "")),
    )
    seen = cases.version(fields.get("versi"))
    if parts.forwarder.way not in ("api", "sandbox"):
        told = await parts.forwarder.transfer(Ref("-"), chosen, reason)
        return await lapor.draw(request, 422, form="limpah", error=told.instead if isinstance(told, NotOffered) else "")

    def story(work: Work) -> tuple[int, moving_on.Asking]:
        case = cases.named(work, number)
        guard.ask(request, Action.KEY_IN, case)
        now = parts.clock.now()
        return case.id, moving_on.begin(work, staff, case.id, chosen, reason.replace("\0", ""), now=now, seen=seen)

    try:
        case_id, asking = await parts.store.write(story)
    except Invalid as problem:
        return await lapor.draw(request, 422, form="limpah", error=str(problem), kept={"alasan": reason})
    verb, why = moving_on.ASKED, asking.reason
    try:
        answer = await parts.forwarder.transfer(asking.ref, asking.institution, asking.reason)
        if isinstance(answer, NotOffered):
            verb, why = moving_on.FAILED, answer.instead
    except (Refused, TryLater, NotAllowed) as error:
        verb, why = moving_on.FAILED, str(error)
    except OmnichannelError as error:
        verb, why = moving_on.UNSURE, str(error)
    now = parts.clock.now()
    await parts.store.write(
        partial(moving_on.ended, staff=staff, case_id=case_id, asking=asking, verb=verb, why=why, now=now)
    )
    if verb != moving_on.ASKED:
        return await lapor.draw(request, 422, form="limpah", error=why, kept={"alasan": reason})
    return scene.back(fields, f"/lapor/{number}", "limpah-lapor")
