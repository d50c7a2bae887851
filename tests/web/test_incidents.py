"""One event on the desk: offered, confirmed, answered once to everybody who can be reached; and who could not be."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import FormData

from omnichannel.domain.case import Kind
from omnichannel.domain.work import Direction, Message, Work
from tests.web.afternoon import Afternoon, Seen, Visitor, an_afternoon
from tests.web.cast import a_verdict

ANSWER = "Tim sudah di lokasi dan perahu karet disiapkan di balai desa."
SHUT = "Jendela 24 jam sudah tertutup."


@pytest.fixture
async def flood(tmp_path: Path) -> AsyncIterator[Afternoon]:
    """Four citizens of one flood: two on Telegram, one in a public thread, one whose WhatsApp window has shut."""
    async with an_afternoon(tmp_path, told=False) as desk:
        for name, account, hours, public in (
            ("Warga A", "tg-humas", 2, False),
            ("Warga B", "tg-humas", 1, False),
            ("Warga C", "fb-pemkab", 1, True),
            ("Warga D", "wa-layanan", 30, False),
        ):
            verdict = a_verdict(Kind.COMPLAINT, 0.93, topic="drainase_banjir", unit="pupr")
            words = ("banjir", "masuk", "rumah", "setinggi", "lutut")
            await desk.says(
                name,
                account,
                "Banjir masuk rumah setinggi lutut, hubungi 081234567890",
                ago=timedelta(hours=hours),
                public=public,
                verdict=replace(verdict, words=words),
            )
        yield desk


async def said(desk: Afternoon, name: str) -> list[Message]:
    number = desk.talks[name]

    def question(work: Work) -> list[Message]:
        thread = work.messages.thread(number)
        return [one for one in thread if one.direction is Direction.OUT and not one.automatic]

    return await desk.read(question)


def key_of(html: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', html)
    assert found, html[-2000:]
    return found[1]


async def test_an_event_begins_with_its_first_message_also_where_that_arrived_last(flood: Afternoon) -> None:
    async with flood.visitor("r") as visitor:
        seen = await visitor.get("/peristiwa")

    assert "16 Des 2026, 08.05 WITA – 17 Des 2026, 13.05 WITA" in seen.words


async def test_the_whole_way_of_one_event(flood: Afternoon) -> None:
    async with flood.visitor("r") as visitor:
        listing = await visitor.get("/peristiwa")
        page = await visitor.get("/peristiwa/1")
        talk = await visitor.get(f"/kotak/semua/{flood.talks['Warga A']}")
        early = await visitor.post("/peristiwa/1/jawab", {"text": ANSWER, "key": "k"})
        ticked = [str(flood.talks[name]) for name in ("Warga A", "Warga C", "Warga D")]
        confirmed = await several(visitor, ticked)
        key = key_of(confirmed.html)
        sent = await visitor.post("/peristiwa/1/jawab", {"text": ANSWER, "key": key})
        await visitor.post("/peristiwa/1/jawab", {"text": ANSWER, "key": key})

    assert "4 warga" in listing.words
    assert "081234567890" not in page.html
    assert "4 warga menulis hal serupa" in talk.words
    assert early.status == 409
    assert "Kirim ke 2 warga" in confirmed.words
    assert sent.status == 200
    assert SHUT in sent.words
    assert [len(await said(flood, name)) for name in ("Warga A", "Warga B", "Warga C", "Warga D")] == [1, 0, 1, 0]
    assert (await said(flood, "Warga A"))[0].text == ANSWER


async def several(visitor: Visitor, chosen: list[str]) -> Seen:
    """A form in which one name stands several times."""
    async with visitor._session.get("/sesi") as answer:
        token = (await answer.json())["csrf"]
    form = FormData([("csrf", token), *(("warga", one) for one in chosen)])
    async with visitor._session.post("/peristiwa/1/pastikan", data=form) as answer:
        return Seen(answer.status, answer.url.path_qs, await answer.text())


async def test_a_unit_officer_sees_only_their_own_citizens(flood: Afternoon) -> None:
    """Nothing of it lies with Dishub: for its officer there is no such event."""
    unit = next(login for login, one in flood.staff.items() if one.unit is not None and one.unit != "pupr")
    async with flood.visitor(unit) as visitor:
        assert "Tidak ada peristiwa" in (await visitor.get("/peristiwa")).words
        assert (await visitor.get("/peristiwa/1")).status == 404
        assert (await visitor.post("/peristiwa/1/pastikan")).status == 403


async def test_closing_ends_the_event_and_no_case(flood: Afternoon) -> None:
    async with flood.visitor("r", lang="en") as visitor:
        closed = await visitor.post("/peristiwa/1/tutup")
        again = await visitor.post("/peristiwa/1/pastikan")

    cases = await flood.read(lambda work: work.cases.of_conversation(flood.talks["Warga A"]))
    assert "no incident" in closed.words
    assert again.status == 409
    assert [case.state.running for case in cases] == [True]


async def test_an_empty_answer_comes_back_with_what_is_missing(flood: Afternoon) -> None:
    async with flood.visitor("r") as visitor:
        answer = await visitor.post("/peristiwa/1/jawab", {"text": "  ", "key": "k"})

    assert answer.status == 422
