"""Labels of the demo's office, on what fits them, and one ready move that puts one on: so that a first look finds some."""

from collections.abc import Callable, Mapping
from datetime import datetime

from omnichannel.demo.cast import Cast
from omnichannel.domain.composing import ME, After, Move
from omnichannel.domain.label import Tone
from omnichannel.domain.screens import View, WorkRow
from omnichannel.domain.work import Scope, Work
from omnichannel.inbox import labelling
from omnichannel.inbox.reply import actor

MOST = 8  # conversations a label: some, not all
LOOKED = 300
FIELD = "Menunggu data lapangan"

Fits = Callable[[WorkRow], bool]


def _about(*topics: str) -> Fits:
    return lambda row: row.topic in topics


LABELS: Mapping[str, tuple[Tone, Fits]] = {
    "Musim hujan 2026": (Tone.BLUE, _about("drainase_banjir", "jalan_jembatan")),
    "Musrenbang 2027": (Tone.GREEN, lambda row: row.kind == "aspiration"),
    FIELD: (Tone.BROWN, lambda row: row.kind == "complaint" and row.state == "waiting"),
    "Bahan rapat pimpinan": (Tone.PINK, _about("bansos", "air_bersih")),
}


def mark(work: Work, cast: Cast, at: datetime) -> int:
    """Make them and put them on; returns how many conversations bear one."""
    staff, bearing = cast.supervisor, set[int]()
    views = (View.ALL, View.RESOLVED)
    rows = [row for view in views for row in work.screens.work_list(view, Scope(), today=at.date(), limit=LOOKED).rows]
    for name, (tone, fits) in LABELS.items():
        label = labelling.keep(work, staff, name, tone, now=at)
        for row in [row for row in rows if fits(row)][:MOST]:
            labelling.change(work, actor(staff), row.id, on=(label.id,), now=at)
            bearing.add(row.id)
        if name == FIELD:
            _move(work, cast, label.id, at)
    return len(bearing)


def _move(work: Work, cast: Cast, label_id: int, at: datetime) -> None:
    work.moves.add(
        Move(
            id=0,
            name="Cek lapangan dulu",
            text="Terima kasih, {nama}. Petugas kami memeriksa ke lapangan dulu, lalu kami kabari Anda di sini.",
            assign=ME,
            labels=(label_id,),
            after=After.WORKDAY,
            made_by=cast.supervisor.id,
            made_at=at,
        )
    )
