"""One conversation without the page around it: what a click on the list puts into the panes that already stand.

Asked for before the click as well, while the pointer rests on a row: so it changes nothing, and the page says by itself
when somebody has it before their eyes (`/percakapan/…/baca`).
"""

from aiohttp import web

from omnichannel.domain.policy import Action
from omnichannel.web import beside, drafts, guard, inbox, labels, pages, scene
from omnichannel.web import talk as talks
from omnichannel.web.keys import house


def routes() -> list[web.RouteDef]:
    return [web.get("/kotak/{view}/{conversation:\\d{1,18}}/panel", guard.allow(panel, Action.READ))]


async def panel(request: web.Request) -> web.StreamResponse:
    """The middle and the right pane."""
    staff, parts, wording = guard.staff(request), house(request), pages.wording(request)
    view, number = inbox.view_of(request), int(request.match_info["conversation"])
    jump = inbox.number(request.query.get("pesan"))
    here = await parts.store.read(lambda work: inbox.opened(work, staff, number, jump=jump))
    assert here.found is not None
    guard.ask(request, Action.READ, here.found.conversation)
    context, query = scene.words(request) | beside.context(here.beside), inbox.carried(request)
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
