"""Ready moves: made by whoever leads the desk, run by whoever may do each of their acts, seen before they are done."""

from dataclasses import replace
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Kind
from omnichannel.domain.composing import ME, After, Move
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.label import united
from omnichannel.domain.office import FIELDS
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox import drafts, labelling
from omnichannel.inbox.reply import actor, must_be_a_key, of
from omnichannel.web import filling, guard, labels, moving, pages, planning, scene
from omnichannel.web.keys import house

NUMBER = "{conversation:\\d{1,18}}"
MOVE = "{move:\\d{1,18}}"
LONGEST, LONGEST_NAME, MOST = 10_000, 80, 100
AFTERS = {
    After.STAY: "Biarkan",
    After.RESOLVE: "Tandai selesai",
    After.TOMORROW: "Tunda sampai besok pukul 08.00",
    After.WORKDAY: "Tunda sampai hari kerja berikutnya pukul 08.00",
    After.WEEK: "Tunda seminggu",
}


def routes() -> list[web.RouteDef]:
    return [
        web.get("/kelola/langkah", guard.allow(listed, Action.MANAGE_MOVES)),
        web.post("/kelola/langkah", guard.allow(save, Action.MANAGE_MOVES)),
        web.post(f"/kelola/langkah/{MOVE}/hapus", guard.allow(remove, Action.MANAGE_MOVES)),
        web.get(f"/percakapan/{NUMBER}/langkah", guard.allow(offered, Action.NOTE)),
        web.post(f"/percakapan/{NUMBER}/langkah/{MOVE}", guard.allow(run, Action.NOTE)),
    ]


async def listed(request: web.Request) -> web.StreamResponse:
    """All of them, one form each, and an empty one."""
    return await _page(request)


async def save(request: web.Request) -> web.StreamResponse:
    """A new move, or another shape of one."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    now, number = parts.clock.now(), str(fields.get("langkah", ""))
    try:
        given = _read(request, fields, Move(id=0, name="", made_by=staff.id, made_at=now))

        def story(work: Work) -> None:
            if given.assign not in ("", ME) and work.people.by_login(given.assign) is None:
                raise Invalid("Petugas itu tidak ada atau sudah dinonaktifkan.")
            labelling.wanted(work, [*given.labels, *given.unlabels])
            before = work.moves.get(int(number)) if number.isascii() and number.isdigit() else None
            if before is None and len(work.moves.all()) >= MOST:
                raise Invalid(f"Paling banyak {MOST} langkah siap pakai.")
            if before is None:
                after = work.moves.add(given)
            else:
                after = work.moves.save(before, replace(given, id=before.id, version=before.version))
            work.note(actor(staff), "move_saved", "move", after.id, at=now, after=after.name)

        await parts.store.write(story)
    except Invalid as problem:
        return await _page(request, 422, error=str(problem), typed={name: str(value) for name, value in fields.items()})
    return scene.back(fields, "/kelola/langkah", "tersimpan")


async def remove(request: web.Request) -> web.StreamResponse:
    """Nobody is offered it any more; what it did stays done."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    number = int(request.match_info["move"])

    def story(work: Work) -> None:
        move = _in_use(work, number)
        work.moves.save(move, replace(move, removed_at=now))
        work.note(actor(staff), "move_removed", "move", move.id, at=now, before=move.name)

    await house(request).store.write(story)
    return scene.back(fields, "/kelola/langkah", "tersimpan")


async def offered(request: web.Request) -> web.StreamResponse:
    """What each would do here: JSON for the menu and the palette, a page without script."""
    number, staff, parts = int(request.match_info["conversation"]), guard.staff(request), house(request)
    wording = pages.wording(request)

    def question(work: Work) -> list[moving.Ahead]:
        conversation = of(work, number)
        guard.ask(request, Action.NOTE, conversation)
        around = moving.Scene(work, parts, staff, conversation, wording)
        return [moving.ahead(around, one) for one in work.moves.all()]

    seen, found = await scene.read(request, question)
    if "HX-Request" in request.headers:
        return web.json_response({"moves": [_told(one) for one in found]})
    context: dict[str, Any] = scene.setting(request, seen, "kotak") | {"moves": found, "number": number}
    return pages.page(request, "moves_here.html", **context)


async def run(request: web.Request) -> web.StreamResponse:
    """All acts of the move, or none; with `tunggu` only once the seconds are over in which it can be taken back."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, wanted, wording = (
        int(request.match_info["conversation"]),
        int(request.match_info["move"]),
        pages.wording(request),
    )
    text, key = str(fields.get("isi", "")).replace("\r\n", "\n"), str(fields.get("key", ""))
    must_be_a_key(key)
    hold = planning.hold_of({"tunggu": str(fields.get("tunggu", ""))}, parts, wording, wording.now)

    def story(work: Work) -> bool:
        conversation, move = of(work, number), _in_use(work, wanted)
        guard.ask(request, Action.NOTE, conversation)
        around = moving.Scene(work, parts, staff, conversation, wording)
        waits = moving.run(around, move, text, key, hold) is not None
        drafts.sent(work, staff, number, text, now=wording.now)
        return waits

    waits = await parts.store.write(story)
    return scene.back(fields, f"/kotak/semua/{number}", None if waits else "langkah")


async def _page(
    request: web.Request, status: int = 200, *, error: str = "", typed: dict[str, str] | None = None
) -> web.StreamResponse:
    seen, (moves, people) = await scene.read(request, lambda work: (work.moves.all(), work.people.all()))
    context: dict[str, Any] = scene.setting(request, seen, "langkah") | {
        "moves": moves,
        "people": [one for one in people if one.disabled_at is None],
        "kinds": [(kind.value, word) for kind, word in labels.KINDS.items()],
        "afters": [(after.value, word) for after, word in AFTERS.items()],
        "fields": sorted(FIELDS),
        "error": error,
        "typed": typed or {},
    }
    return pages.page(request, "moves.html", status, **context)


def _read(request: web.Request, fields: guard.Fields, blank: Move) -> Move:
    """Invalid, in words for whoever makes it."""
    held = {name: str(fields.get(name, "")).replace("\r\n", "\n").replace("\0", "").strip() for name in
            ("nama", "isi", "catatan", "petugas", "unit", "jenis", "topik", "akhir")}  # fmt: skip
    wanted = {name: _numbers(fields, name) for name in ("pasang", "lepas")}
    if not held["nama"] or len(held["nama"]) > LONGEST_NAME:
        raise Invalid("Beri langkah ini nama, paling panjang 80 huruf.")
    if max(len(held["isi"]), len(held["catatan"])) > LONGEST:
        raise Invalid("Isi langkah ini terlalu panjang.")
    try:
        strange = filling.lacking(held["isi"], dict.fromkeys(FIELDS, ""))
        held["isi"].format_map(dict.fromkeys(FIELDS, ""))
    except (ValueError, KeyError, IndexError, AttributeError):
        raise Invalid("Kurung kurawal di isi balasan hanya untuk kolom seperti {nama} dan {nomor}.") from None
    if strange:
        raise Invalid(f"Kolom {{{strange[0]}}} tidak dikenal.")
    if held["unit"] and held["unit"] not in house(request).organisation:
        raise Invalid("Unit itu tidak ada di susunan organisasi.")
    if held["jenis"] and held["jenis"] not in set(Kind):
        raise Invalid("Pilih jenisnya dari daftar.")
    move = replace(
        blank,
        name=held["nama"],
        text=held["isi"],
        note=held["catatan"],
        assign=held["petugas"],
        unit=held["unit"],
        kind=held["jenis"],
        topic=held["topik"] if held["topik"] in labels.TOPICS and held["jenis"] else "",
        labels=wanted["pasang"],
        unlabels=tuple(one for one in wanted["lepas"] if one not in wanted["pasang"]),
        after=After(held["akhir"]) if held["akhir"] in set(After) else After.STAY,
    )
    if move.does_nothing:
        raise Invalid("Langkah ini belum berbuat apa-apa. Isi paling sedikit satu.")
    return move


def _numbers(fields: guard.Fields, name: str) -> tuple[int, ...]:
    found = (str(one) for one in fields.getall(name, []))
    return united(int(one) for one in found if one.isascii() and one.isdigit() and len(one) < 19)


def _in_use(work: Work, number: int) -> Move:
    found = work.moves.get(number)
    if found is None or found.removed_at is not None:
        raise NotFound("Langkah itu tidak ada lagi.")
    return found


def _told(one: moving.Ahead) -> dict[str, Any]:
    steps = [{"words": step.words, "why": step.why} for step in one.steps]
    return {"id": one.move.id, "name": one.move.name, "text": one.text, "steps": steps, "why": one.why}
