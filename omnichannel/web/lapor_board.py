"""The LAPOR board: what waits, what is there, what needs a person, and where the two sides disagree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from omnichannel.domain.forwarding import Forward, ForwardState
from omnichannel.domain.policy import Action, may, scope
from omnichannel.domain.screens import Board, CaseRow
from omnichannel.domain.work import Work
from omnichannel.router import batch, forward
from omnichannel.router.news import ENDED, rank
from omnichannel.web import guard, pages, scene
from omnichannel.web.keys import house

AT_WORK = 2  # from this rank on LAPOR says that somebody is working on it


@dataclass(frozen=True, slots=True)
class Ticket:
    """One report and how it stands on its way; `row` is None for one that nobody has taken up yet."""

    shown: CaseRow
    row: Forward | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of the board."""

    key: str
    title: str
    says: str
    tickets: tuple[Ticket, ...]
    look: str = ""


def routes() -> list[web.RouteDef]:
    return [web.get("/lapor", guard.allow(board, Action.SEE_LAPOR))]


async def board(request: web.Request) -> web.StreamResponse:
    """Every running report in the lane where somebody has to look at it, and what LAPOR has answered."""
    staff, today, office = guard.staff(request), pages.wording(request).today, house(request).office

    automatic = office.lapor_way in forward.BY_ITSELF

    def question(work: Work) -> tuple[Board, dict[int, Forward], list[batch.Answer]]:
        found = work.screens.board(today, scope(staff))
        rows = work.forwards.in_state(*(state for state in ForwardState if state is not ForwardState.SENT))
        written = [] if automatic else [one for one in batch.answers(work) if may(staff, Action.KEY_IN, one.case)]
        return found, {row.case_id: row for row in rows}, written

    seen, (found, rows, written) = await scene.read(request, question)
    lanes = sorted_out(found, rows, automatic=automatic)
    first = next((one.shown.case.number for lane in lanes if lane.key == "menunggu" for one in lane.tickets), None)
    context: dict[str, Any] = scene.setting(request, seen, "lapor") | {
        "lanes": lanes,
        "way": office.lapor_way,
        "automatic": automatic,
        "answers": written,
        "first": None if automatic else first,
    }
    return pages.page(request, "lapor.html", **context)


def sorted_out(found: Board, rows: Mapping[int, Forward], *, automatic: bool) -> tuple[Lane, ...]:
    """The lanes in the order in which a morning goes through them; those of trouble only while there is some."""

    def tickets(cases: Iterable[CaseRow], *states: ForwardState | None) -> tuple[Ticket, ...]:
        paired = (Ticket(one, rows.get(one.case.id)) for one in cases)
        return tuple(one for one in paired if not states or (one.row.state if one.row else None) in states)

    look = tickets(found.waiting, ForwardState.UNSURE, ForwardState.FAILED)
    held = tickets(found.waiting, ForwardState.HELD, ForwardState.ASKING)
    own = tickets(found.waiting, ForwardState.OWN)
    waiting = tickets(found.waiting, None, ForwardState.WAITING, ForwardState.SENDING)
    received = [one for one in found.sent if _received(rows, one)]
    found = replace(found, sent=tuple(one for one in found.sent if not _received(rows, one)))
    apart = tickets(one for one in found.sent if (rank(one.case.lapor_status) or 0) >= ENDED)
    sent = tickets(one for one in found.sent if (rank(one.case.lapor_status) or 0) < AT_WORK)
    worked = tickets(one for one in found.sent if AT_WORK <= (rank(one.case.lapor_status) or 0) < ENDED)
    says = "Berangkat sendiri begitu gilirannya." if automatic else "Sudah diperiksa, belum ada di LAPOR."
    lanes = (
        Lane("lihat", "Perlu dilihat", "Belum pasti sampai, atau ditolak LAPOR.", look, "hot"),
        Lane("masuk", "Masuk dari LAPOR", "Didisposisikan kepada kita; jawab dari percakapannya.", tickets(received)),
        Lane("menunggu", "Menunggu dikirim" if automatic else "Menunggu diketik", says, waiting),
        Lane("terkirim", "Terkirim", "Ada di LAPOR, menunggu kabar.", sent),
        Lane("ditangani", "Ditangani", "Instansi sedang mengerjakannya.", worked),
        Lane("terjawab", "Terjawab", "LAPOR sudah memberi jawaban.", tickets(found.answered)),
        Lane("lewat", "Lewat batas", "Lewat batas waktu dan belum selesai.", tickets(found.overdue), "hot"),
        Lane(
            "beda",
            "Tutup di sana, terbuka di sini",
            "Samakan: selesaikan di sini, atau buka lagi di LAPOR.",
            apart,
            "odd",
        ),
        Lane("ditahan", "Tidak diteruskan", "Warga keberatan, ditanya dulu, atau ditahan petugas.", held, "odd"),
        Lane("sendiri", "Dilaporkan warga sendiri", "Warga sudah menyampaikannya; jangan dikirim lagi.", own),
    )
    always = ("menunggu", "terkirim", "ditangani", "terjawab")
    return tuple(lane for lane in lanes if lane.tickets or lane.key in always)


def _received(rows: Mapping[int, Forward], one: CaseRow) -> bool:
    row = rows.get(one.case.id)
    return row is not None and row.state is ForwardState.RECEIVED
