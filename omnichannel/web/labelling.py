"""Labels of the office: made, named anew, removed and brought back by whoever leads the desk; put on by whoever works at it."""

from typing import Any

from aiohttp import web

from omnichannel.domain.errors import Conflict, Invalid
from omnichannel.domain.label import LONGEST, Label, Spread, Tone
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox import labelling
from omnichannel.inbox.reply import actor, of
from omnichannel.web import guard, inbox, pages, scene
from omnichannel.web.keys import house

PAGE = "/kelola/label"
ONE = f"{PAGE}/{{label:\\d{{1,18}}}}"
TONES = {
    Tone.SLATE: "Abu-abu",
    Tone.BLUE: "Biru",
    Tone.TEAL: "Toska",
    Tone.GREEN: "Hijau",
    Tone.BROWN: "Cokelat",
    Tone.PINK: "Merah muda",
}


def routes() -> list[web.RouteDef]:
    leave = Action.MANAGE_LABELS
    return [
        web.get(PAGE, guard.allow(listed, leave)),
        web.post(PAGE, guard.allow(save, leave)),
        web.get(f"{ONE}/hapus", guard.allow(ask, leave)),
        web.post(f"{ONE}/hapus", guard.allow(remove, leave)),
        web.post(f"{ONE}/kembalikan", guard.allow(restore, leave)),
        web.post("/percakapan/{conversation:\\d{1,18}}/label", guard.allow(put, Action.LABEL)),
    ]


async def listed(request: web.Request) -> web.StreamResponse:
    """Each with its numbers, which open their conversations."""
    return await _page(request)


async def save(request: web.Request) -> web.StreamResponse:
    """A new label, or another name and colour for one."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, name, chosen = (str(fields.get(one, "")) for one in ("label", "nama", "warna"))
    tone, now = Tone(chosen) if chosen in set(Tone) else Tone.SLATE, parts.clock.now()
    label_id = inbox.number(number)
    try:
        await parts.store.write(lambda work: labelling.keep(work, staff, name, tone, label_id=label_id, now=now))
    except (Invalid, Conflict) as problem:
        typed = {"label": number, "nama": name, "warna": tone.value}
        return await _page(request, 409 if isinstance(problem, Conflict) else 422, error=str(problem), typed=typed)
    return scene.back(fields, PAGE, "tersimpan")


async def ask(request: web.Request) -> web.StreamResponse:
    """Before a label goes: on how many conversations it stands, and which moves and rules put it on."""
    number = int(request.match_info["label"])

    def question(work: Work) -> tuple[Label, Spread, list[str], list[str]]:
        label = labelling.in_use(work, number)
        moves = [one.name for one in work.moves.all() if number in (*one.labels, *one.unlabels)]
        rules = [one.spec.name for one in work.rules.all() if one.spec.names_label(number)]
        return label, work.labels.spread().get(number, Spread()), moves, rules

    seen, (label, spread, moves, rules) = await scene.read(request, question)
    context: dict[str, Any] = scene.setting(request, seen, "label")
    context |= {"label": label, "spread": spread, "moves": moves, "rules": rules}
    return pages.page(request, "label_remove.html", **context)


async def remove(request: web.Request) -> web.StreamResponse:
    """It is shown nowhere any more."""
    staff, number, now = guard.staff(request), int(request.match_info["label"]), house(request).clock.now()
    await house(request).store.write(lambda work: labelling.remove(work, staff, number, now=now))
    return scene.back({}, PAGE, "label-hapus")


async def restore(request: web.Request) -> web.StreamResponse:
    """As before it was removed."""
    staff, number, now = guard.staff(request), int(request.match_info["label"]), house(request).clock.now()
    try:
        await house(request).store.write(lambda work: labelling.restore(work, staff, number, now=now))
    except (Invalid, Conflict) as problem:
        return await _page(request, 409, error=str(problem))
    return scene.back({}, PAGE, "label-kembali")


async def put(request: web.Request) -> web.StreamResponse:
    """What is ticked against what the page showed (`lihat`): a colleague's label of the meantime stays as it is."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now = int(request.match_info["conversation"]), parts.clock.now()
    ticked = {one for held in fields.getall("label", []) if (one := inbox.number(str(held))) is not None}
    seen = {one for held in str(fields.get("lihat", "")).split() if (one := inbox.number(held)) is not None}

    def story(work: Work) -> None:
        guard.ask(request, Action.LABEL, of(work, number))
        labelling.change(work, actor(staff), number, on=sorted(ticked - seen), off=sorted(seen - ticked), now=now)

    await parts.store.write(story)
    return scene.back(fields, f"/kotak/semua/{number}")


async def _page(
    request: web.Request, status: int = 200, *, error: str = "", typed: dict[str, str] | None = None
) -> web.StreamResponse:
    seen, (spread, removed) = await scene.read(request, lambda work: (work.labels.spread(), work.labels.removed()))
    context: dict[str, Any] = scene.setting(request, seen, "label") | {
        "spread": spread,
        "blank": Spread(),
        "removed": removed,
        "tones": [(tone.value, word) for tone, word in TONES.items()],
        "longest": LONGEST,
        "error": error,
        "typed": typed or {},
    }
    return pages.page(request, "labels.html", status, **context)
