"""The PPID's register of information requests, in the columns of the Komisi Informasi's form."""

from typing import Any

from aiohttp import web

from omnichannel.domain.case import Queue
from omnichannel.domain.policy import Action, scope
from omnichannel.web import guard, pages, scene

LIMIT = 100
# As it stands in the address, the word for it, and the store's own name.
STATES = (
    ("semua", "Semua keadaan", "all"),
    ("berjalan", "Berjalan", "running"),
    ("lewat", "Lewat batas", "overdue"),
    ("dijawab", "Dijawab", "answered"),
    ("selesai", "Selesai", "closed"),
    ("batal", "Dibatalkan", "voided"),
)


def routes() -> list[web.RouteDef]:
    return [web.get("/ppid", guard.allow(show, Action.SEE_REGISTER))]


async def show(request: web.Request) -> web.StreamResponse:
    """The register, youngest number first. A voided number stays, struck through, with its reason."""
    staff, wording = guard.staff(request), pages.wording(request)
    known = {key: kept for key, _, kept in STATES}
    state = request.query.get("keadaan", "semua")
    state = state if state in known else "semua"
    after = request.query.get("sesudah")
    seen, page = await scene.read(
        request,
        lambda work: work.screens.cases_list(
            Queue.PPID, scope(staff), state=known[state], today=wording.today, after=after, limit=LIMIT
        ),
    )
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {"page": page, "state": state, "states": STATES}
    return pages.page(request, "register.html", **context)
