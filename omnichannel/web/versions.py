"""What a message said before it was edited: a citizen may take words back, the archive may not."""

from datetime import datetime

from aiohttp import web

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import NotFound
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Message, Work
from omnichannel.inbox.reply import of
from omnichannel.web import guard, pages, scene


def routes() -> list[web.RouteDef]:
    return [web.get("/pesan/{message:\\d{1,18}}/versi", guard.allow(versions, Action.READ))]


async def versions(request: web.Request) -> web.StreamResponse:
    """Oldest first, each with the moment until which it stood."""
    number = int(request.match_info["message"])

    def question(work: Work) -> tuple[Message, Conversation, list[tuple[datetime, str]]]:
        message = work.messages.get(number)
        if message is None:
            raise NotFound("Pesan itu tidak ada.")
        return message, of(work, message.conversation_id), work.messages.versions(number)

    seen, (message, conversation, earlier) = await scene.read(request, question)
    guard.ask(request, Action.READ, conversation)
    context = {"versions": earlier, "now_text": message.text, "back": f"/kotak/semua/{conversation.id}?pesan={number}"}
    if pages.wants_fragment(request):
        return pages.fragment(request, "parts/versions.html", **scene.words(request), **context)
    return pages.page(request, "versions.html", **scene.setting(request, seen, "kotak"), **context)
