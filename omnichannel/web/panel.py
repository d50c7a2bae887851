"""One conversation without the page around it: what a click on the list puts into the panes that already stand.

Asked for before the click as well, while the pointer rests on a row: so it changes nothing, and the page says by itself
when somebody has it before their eyes (`/percakapan/…/baca`).
"""

from aiohttp import web

from omnichannel.domain.case import Case
from omnichannel.domain.errors import NotFound
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import of
from omnichannel.web import beside, drafts, guard, inbox, labels, ladder, pages, scene
from omnichannel.web import talk as talks
from omnichannel.web.keys import house


def routes() -> list[web.RouteDef]:
    return [
        web.get("/kotak/{view}/{conversation:\\d{1,18}}/panel", guard.allow(panel, Action.READ)),
        web.get("/percakapan/{conversation:\\d{1,18}}/tangga/{clock}", guard.allow(rungs, Action.READ)),
    ]


async def panel(request: web.Request) -> web.StreamResponse:
    """The middle and the right pane."""
    staff, parts, wording = guard.staff(request), house(request), pages.wording(request)
    view, number = inbox.view_of(request), int(request.match_info["conversation"])
    jump = inbox.number(request.query.get("pesan"))
    here = await parts.store.read(lambda work: inbox.opened(work, staff, number, jump=jump))
    assert here.found is not None
    guard.ask(request, Action.READ, here.found.conversation)
    context, query = scene.words(request, lean=True) | beside.context(here.beside), inbox.carried(request)
    return pages.fragment(
        request,
        "parts/panel.html",
        **context,
        talk=drafts.laid_into(talks.lay_out(parts, staff, here.found, wording), here.draft, wording),
        loose=here.loose,
        view=view,
        query=query,
        title=labels.VIEW_WORDS[view],
        said=None,
        here=f"/kotak/{view}/{number}{query}",
    )


async def rungs(request: web.Request) -> web.StreamResponse:
    """Why a clock ends on that day, for whoever opens the question; the panes come without the answer."""
    number, name = int(request.match_info["conversation"]), request.match_info["clock"]

    def question(work: Work) -> Case | None:
        conversation = of(work, number)
        guard.ask(request, Action.READ, conversation)
        return work.cases.get(conversation.case_id) if conversation.case_id is not None else None

    case = await house(request).store.read(question)
    # Which clocks bind, and how far they are, is the panes' business: a ladder is the same whatever has come of it.
    today = pages.wording(request).today
    every = ladder.clocks(case.clocks, today, running=True, in_lapor=True) if case is not None else []
    clock = next((one for one in every if one.name == name), None)
    if clock is None:
        raise NotFound("Batas waktu itu tidak ada lagi.")
    return pages.fragment(request, "parts/ladder.html", clock=clock)
