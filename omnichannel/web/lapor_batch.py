"""LAPOR by files: one with everything that waits goes out, LAPOR's own export comes in, looked at before it is applied."""

import asyncio
import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case
from omnichannel.domain.errors import Invalid, OmnichannelError
from omnichannel.domain.forwarding import Exported
from omnichannel.domain.house import House
from omnichannel.domain.inbound import ACCOUNT
from omnichannel.domain.policy import Action
from omnichannel.domain.ports import Raw
from omnichannel.domain.work import Work
from omnichannel.router import batch, imported
from omnichannel.router.desk import Desk
from omnichannel.router.matching import Fit, Match
from omnichannel.web import case as cases
from omnichannel.web import guard, pages, scene, tables, workbook
from omnichannel.web.files import disposition
from omnichannel.web.keys import house
from omnichannel.web.public_intake import judge
from omnichannel.web.webhooks import INTAKE

ROWS = 3000
UNPACKED = 40 * 1024 * 1024
IN = "masuk"
TOGETHER = 50  # rows taken in at once
CHOSEN = "b{line}"
FITS = {
    Fit.NUMBER: "nomor kami",
    Fit.TRACKING: "tracking ID",
    Fit.TITLE: "judul dan tanggal",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    line: int
    title: str
    number: str | None
    says: str
    well: bool = True


def routes() -> list[web.RouteDef]:
    return [
        web.get("/lapor/berkas.xlsx", guard.allow(download, Action.KEY_IN)),
        web.get("/lapor/impor", guard.allow(show, Action.KEY_IN)),
        web.post("/lapor/impor", guard.allow(look, Action.KEY_IN)),
        web.post("/lapor/impor/terapkan", guard.allow(take, Action.KEY_IN)),
        web.post(f"/lapor/{cases.NUMBER}/jawaban", guard.allow(answered, Action.KEY_IN)),
    ]


async def download(request: web.Request) -> web.StreamResponse:
    """What waits to be keyed in, as LAPOR's form asks it."""
    parts = house(request)
    rows = await parts.store.read(lambda work: batch.rows(work, _desk(parts)))
    content = await asyncio.to_thread(workbook.write, "SP4N-LAPOR", batch.HEADS, rows, batch.WIDTHS)
    name = f"lapor-menunggu-{pages.wording(request).today.isoformat()}.xlsx"
    headers = {"Content-Disposition": disposition(name, False), "Cache-Control": "no-store"}
    return web.Response(body=content, content_type=workbook.MEDIA_TYPE, headers=headers)


async def show(request: web.Request) -> web.StreamResponse:
    """Where the file is chosen."""
    return await _page(request)


async def look(request: web.Request) -> web.StreamResponse:
    """What every row would do; nothing is written yet."""
    fields = await guard.fields(request)
    sent = fields.get("berkas")
    if not isinstance(sent, web.FileField) or not sent.filename:
        return await _page(request, 422, error="Pilih dulu berkas ekspornya.")
    try:
        content = await asyncio.to_thread(sent.file.read, tables.LARGEST + 1)
        table = await asyncio.to_thread(tables.read, content)
        matches = await _matched(request, table)
    except Invalid as problem:
        return await _page(request, 422, error=str(problem))
    return await _page(request, matches=matches, packed=_packed(table), name=sent.filename[:120])


async def take(request: web.Request) -> web.StreamResponse:
    """Each row goes where the officer left it; one that cannot is told, and holds up no other."""
    fields = await guard.fields(request)
    try:
        table = _unpacked(str(fields.get("isi", "")))
        rows = house(request).forwarder.exported(table)
    except Invalid as problem:
        return await _page(request, 422, error=str(problem))
    chosen = {row.line: str(fields.get(CHOSEN.format(line=row.line), "")).strip() for row in rows}
    ours = [(row, chosen[row.line]) for row in rows if chosen[row.line] not in ("", IN)]
    outcomes = [await _told(request, row, number) for row, number in ours]
    outcomes += await _brought_in(request, [row for row in rows if chosen[row.line] == IN])
    left = sum(1 for row in rows if not chosen[row.line])
    return await _page(request, outcomes=sorted(outcomes, key=lambda one: one.line), left=left)


async def answered(request: web.Request) -> web.StreamResponse:
    """An answer was keyed in over there."""
    fields, parts, staff = await guard.fields(request), house(request), guard.staff(request)
    number, message = request.match_info["number"], str(fields.get("pesan", ""))

    def story(work: Work) -> Case:
        case = cases.named(work, number)
        guard.ask(request, Action.KEY_IN, case)
        known = int(message) if message.isdecimal() and len(message) < 19 else 0
        return batch.keyed(work, staff, case.id, known, now=parts.clock.now())

    await parts.store.write(story)
    return scene.back(fields, "/lapor", "lapor-jawaban")


async def _matched(request: web.Request, table: Sequence[Sequence[str]]) -> list[Match]:
    parts = house(request)
    rows = parts.forwarder.exported(table)
    if not rows:
        raise Invalid("Tidak ada baris yang berisi di berkas ini.")
    if len(rows) > ROWS:
        raise Invalid(f"Paling banyak {ROWS} baris dalam satu berkas.")
    found = await parts.store.read(lambda work: imported.held(work, _desk(parts), rows))
    return await asyncio.to_thread(imported.laid_out, found, rows)


async def _told(request: web.Request, row: Exported, number: str) -> Outcome:
    """One row's news to one of our reports."""
    parts, staff = house(request), guard.staff(request)

    def story(work: Work) -> bool:
        case = cases.named(work, number)
        guard.ask(request, Action.KEY_IN, case)
        able = cases.able_to_tell(work, parts, case)
        return imported.take_news(work, _desk(parts), staff, case.id, row, able=able, now=parts.clock.now())

    try:
        fresh = await parts.store.write(story)
    except OmnichannelError as problem:
        return Outcome(row.line, row.title, number, str(problem), well=False)
    return Outcome(row.line, row.title, number, "Kabarnya tersimpan." if fresh else "Tidak ada yang baru.")


async def _brought_in(request: web.Request, rows: Sequence[Exported]) -> list[Outcome]:
    """Rows that are not ours become conversations, each with its case and LAPOR's own day."""
    parts, outcomes = house(request), list[Outcome]()
    connector = parts.connectors.get(ACCOUNT)
    for start in range(0, len(rows), TOGETHER):
        raws, known = list[Raw](), list[Exported]()
        for row in rows[start : start + TOGETHER]:
            try:
                body = imported.as_incoming(row, parts.clock.now())
                raws.append(Raw(json.dumps(body, ensure_ascii=False).encode(), {"content-type": "application/json"}))
                known.append(row)
            except Invalid as problem:
                outcomes.append(Outcome(row.line, row.title, None, str(problem), well=False))
        if connector is not None and raws:
            await request.app[INTAKE].take_in(connector, raws)
        outcomes += [await _opened(request, row) for row in known]
    return outcomes


async def _opened(request: web.Request, row: Exported) -> Outcome:
    parts = house(request)
    message = await parts.store.read(lambda work: work.messages.by_external(ACCOUNT, row.tracking_id or ""))
    if message is None:
        return Outcome(row.line, row.title, None, "Baris ini tidak dapat disimpan.", well=False)
    await judge(parts, message)
    made = await parts.store.read(lambda work: work.cases.of_conversation(message.conversation_id))
    if not made:
        return Outcome(row.line, row.title, None, "Masuk sebagai percakapan; jenisnya diputuskan petugas.")
    if row.status or row.follow_up:
        await _told(request, row, made[-1].number)
    return Outcome(row.line, row.title, made[-1].number, "Masuk sebagai percakapan.")


async def _page(request: web.Request, status: int = 200, **more: Any) -> web.StreamResponse:
    seen, _ = await scene.read(request, lambda work: None)
    matches: Sequence[Match] = more.get("matches", ())
    context: dict[str, Any] = scene.setting(request, seen, "lapor") | {
        "ours": [one for one in matches if one.case is not None],
        "doubtful": [one for one in matches if one.fit is Fit.CHOOSE],
        "strange": [one for one in matches if one.fit in (Fit.NEW, Fit.ENDED)],
        "outcomes": (),
        "packed": "",
        "fits": FITS,
        "error": "",
        "IN": IN,
        **more,
    }
    return pages.page(request, "lapor_import.html", status, **context)


def _packed(table: Sequence[Sequence[str]]) -> str:
    """The table as the page carries it to the next click: between the two nothing is kept here."""
    return base64.b64encode(zlib.compress(json.dumps(table, ensure_ascii=False).encode())).decode()


def _unpacked(packed: str) -> list[list[str]]:
    """Invalid for anything that no page of ours made."""
    try:
        opened = zlib.decompressobj()
        plain = opened.decompress(base64.b64decode(packed, validate=True), UNPACKED)
        table = json.loads(plain) if plain and not opened.unconsumed_tail else None
    except (ValueError, zlib.error) as error:
        raise Invalid("Pratinjau ini tidak terbaca lagi. Unggah berkasnya sekali lagi.") from error
    if not isinstance(table, list) or not all(
        isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in table
    ):
        raise Invalid("Pratinjau ini tidak terbaca lagi. Unggah berkasnya sekali lagi.")
    return table


def _desk(parts: House) -> Desk:
    return Desk(office=parts.office, organisation=parts.organisation, clocks=parts.clocks, ability=parts.capabilities)
