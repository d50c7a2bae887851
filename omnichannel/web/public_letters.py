"""A letter or a released document behind a link: for whoever holds the link, for a while."""

from aiohttp import web

from omnichannel.domain.printing import PDF
from omnichannel.router import letters
from omnichannel.web import files, guard
from omnichannel.web.keys import house


def routes() -> list[web.RouteDef]:
    return [web.get(r"/surat/{token:[A-Za-z0-9_-]{16,64}}", guard.allow(show, public=True))]


async def show(request: web.Request) -> web.StreamResponse:
    """The paper itself, saved rather than shown where the reader asks so; no search engine keeps it."""
    parts, token = house(request), request.match_info["token"]
    now = parts.clock.now()
    found = await parts.store.write(lambda work: letters.open_link(work, token, now))
    response = await files.hand_over(request, found.sha256, PDF, found.name)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
