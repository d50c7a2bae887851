"""The PPID's register of information requests, in the columns of the Komisi Informasi's form."""

from typing import Any

from aiohttp import web

from omnichannel.domain.case import Queue
from omnichannel.domain.forms import ACCESS
from omnichannel.domain.policy import Action, scope
from omnichannel.domain.ppid_decision import MEDIA
from omnichannel.domain.ppid_register import RequestRow
from omnichannel.domain.screens import CaseRow, Page
from omnichannel.domain.work import Work
from omnichannel.router import registers
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

    def question(work: Work) -> tuple[Page[CaseRow], list[RequestRow]]:
        found = work.screens.cases_list(
            Queue.PPID, scope(staff), state=known[state], today=wording.today, after=after, limit=LIMIT
        )
        return found, registers.request_rows(work, [row.case for row in found.rows])

    seen, (page, rows) = await scene.read(request, question)
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "page": page,
        "rows": list(zip(page.rows, rows, strict=True)),
        "state": state,
        "states": STATES,
        "access_words": ACCESS,
        "media": MEDIA,
    }
    return pages.page(request, "register.html", **context)
