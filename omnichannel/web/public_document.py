"""What an office sent along with its answer, for whoever holds the number and its code: `/publik/lacak/berkas/…`."""

from aiohttp import web

from omnichannel.domain.errors import NotFound
from omnichannel.domain.work import File, FileState, Work
from omnichannel.inbox import track
from omnichannel.web import guard
from omnichannel.web.files import hand_over
from omnichannel.web.keys import house
from omnichannel.web.public_intake import must_be_open
from omnichannel.web.public_track import Opened, enter, typed_knock

GONE = "Berkas ini tidak ada."


def routes() -> list[web.RouteDef]:
    return [web.post("/publik/lacak/berkas/{file_id:\\d{1,18}}", guard.allow(document, public=True))]


async def document(request: web.Request) -> web.StreamResponse:
    """The bytes. It is asked for with the code each time, as the page is: an address alone opens nothing."""
    parts = house(request)
    must_be_open(parts)
    opened = await enter(request, typed_knock(await guard.fields(request)))
    if not isinstance(opened, Opened):
        return opened
    if opened.case is not None:
        raise NotFound(GONE)  # by the case's own code only its state is shown
    number = int(request.match_info["file_id"])
    file = await parts.store.read(lambda work: _shown(work, opened.conversation.id, number))
    if file.sha256 is None:
        raise NotFound(GONE)
    return await hand_over(request, file.sha256, file.media_type, file.name or f"berkas-{file.id}")


def _shown(work: Work, conversation_id: int, number: int) -> File:
    """Only what stands on the citizen's own page: not a note's, not an answer's that has not left."""
    found = track.view(work, conversation_id)
    files = [file for message in (found.messages if found else ()) for file in message.files]
    wanted = next((one for one in files if one.id == number and one.state is FileState.KEPT), None)
    if wanted is None:
        raise NotFound(GONE)
    return wanted
