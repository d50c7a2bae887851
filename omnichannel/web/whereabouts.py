"""The larger map of a place that a message names, with what lies around it: over the conversation, or a page of its own."""

from aiohttp import web

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import NotFound
from omnichannel.domain.geography import nearest
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Message, Work
from omnichannel.inbox.reply import of
from omnichannel.web import chart, guard, labels, pages, scene
from omnichannel.web.keys import house
from omnichannel.web.sights import from_here, sights

LARGE, NARROW, WIDE = (640, 400), (340, 280), (400, 260)  # px
LISTED = 5


def routes() -> list[web.RouteDef]:
    return [web.get("/pesan/{message:\\d{1,18}}/peta", guard.allow(closer, Action.READ))]


async def closer(request: web.Request) -> web.StreamResponse:
    """The larger map of one place (`?ke=`, the first when absent) with what lies around it."""
    number, parts, wording = int(request.match_info["message"]), house(request), pages.wording(request)

    def question(work: Work) -> tuple[Message, Conversation]:
        message = work.messages.get(number)
        if message is None:
            raise NotFound("Pesan itu tidak ada.")
        return message, of(work, message.conversation_id)

    seen, (message, conversation) = await scene.read(request, question)
    guard.ask(request, Action.READ, conversation)
    wanted = request.query.get("ke", "1")
    found = next((one for one in sights(message, parts.organisation, wording).places if str(one.n) == wanted), None)
    if found is None:
        raise NotFound("Pesan itu tidak menyebut tempat.")
    places = parts.organisation.places
    around = nearest(places, found.at, LISTED)
    context = {
        "sight": found,
        "large": chart.close(found.at, places, *LARGE),
        "narrow": chart.close(found.at, places, *NARROW),
        "wide": chart.wide(found.at, places, *WIDE),
        "around": [(from_here([near], wording), near.place.source) for near in around],
        "middles": any(near.place.middle for near in around),
        "degrees_of": labels.degrees(found.at.lat, found.at.lon, wording.t),
        "back": f"/kotak/semua/{conversation.id}?pesan={number}",
    }
    if pages.wants_fragment(request):
        return pages.fragment(request, "parts/whereabouts.html", **scene.words(request), **context)
    return pages.page(request, "whereabouts.html", **scene.setting(request, seen, "kotak"), **context)
