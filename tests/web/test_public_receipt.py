"""Whoever left an address in a form gets number and code by mail; a desa may be chosen; a point may be asked of the browser."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Channel
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.message import Author
from omnichannel.domain.work import Message, Work
from omnichannel.inbox.receipt import send_receipt
from omnichannel.inbox.receive import Intake
from omnichannel.router.desk import Desk
from omnichannel.router.route import route
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from tests.build import an_incoming
from tests.desk import a_verdict
from tests.house import HandClock
from tests.plug import OPEN, Plug
from tests.web.citizen import COMPLAINT, LAMP, REQUEST, Hall, a_hall

BOX = "surel-humas"
ADDRESS = "Warga.Uji@contoh.id"


class Mailbox(Plug):
    channel = Channel.MAIL


@pytest.fixture
def box() -> Mailbox:
    return Mailbox(BOX)


@pytest.fixture
async def hall(
    quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell, box: Mailbox
) -> AsyncIterator[Hall]:
    async with a_hall(quick_store, tmp_path, clock, bell) as made:
        # The house is frozen, its table of connectors is a dict of the test's own.
        made.house.connectors[BOX] = box  # type: ignore[index]
        yield made


async def mailed(hall: Hall) -> Sequence[Message]:
    def question(work: Work) -> list[Message]:
        found = []
        for number in range(1, 50):
            message = work.messages.get(number)
            if message is not None and message.account == BOX and message.automatic:
                found.append(message)
        return found

    return await hall.house.store.read(question)


async def test_number_and_code_go_to_the_address_that_was_given(hall: Hall) -> None:
    citizen = await hall.citizen()

    page = await citizen.send("permohonan", REQUEST | {"surel": ADDRESS})

    register, _, code = page.noted
    (letter,) = await mailed(hall)
    assert register in letter.text
    assert code in letter.text
    assert "skripsi" not in letter.text, (
        "nothing that was typed into a form is sent to an address that was typed into it"
    )
    assert "surel Anda" in page.text
    thread = await hall.house.store.read(lambda work: work.conversations.get(letter.conversation_id))
    assert thread is not None
    assert (thread.state, thread.unread) == (ConversationState.RESOLVED, 0)
    contact = await hall.house.store.read(lambda work: work.contacts.get(thread.contact_id))
    assert contact is not None
    assert contact.external_id == ADDRESS.lower()


async def test_a_receipt_by_mail_is_promised_only_where_there_is_a_mailbox(hall: Hall) -> None:
    promise = "Nomor dan kode juga kami kirim ke sini"
    citizen = await hall.citizen()
    with_mail = (await citizen.get("/publik/pengaduan")).text
    del hall.house.connectors[BOX]  # type: ignore[attr-defined]
    without = (await citizen.get("/publik/pengaduan")).text

    assert promise in with_mail
    assert promise not in without


async def test_the_code_of_the_form_answers_cek_by_mail(hall: Hall, box: Mailbox, clock: HandClock) -> None:
    page = await (await hall.citizen()).send("pengaduan", COMPLAINT | {"surel": ADDRESS})
    register, _, code = page.noted
    event = an_incoming(f"CEK {register} {code}", external_id="surat-1", author=Author(id=ADDRESS.lower()))
    house = hall.house
    await Intake(house.store, house.files, clock).take_in(box, [box.raw(replace(event, sent_at=clock.now()))])
    desk = Desk(office=house.office, organisation=house.organisation, clocks=house.clocks, ability=house.capabilities)

    def judged(work: Work) -> None:
        message = work.messages.by_external(BOX, "surat-1")
        assert message is not None
        route(work, desk, message.id, a_verdict(Kind.OTHER), clock.now())

    await house.store.write(judged)

    assert (await mailed(hall))[-1].text.startswith(f"{register}: sedang ditangani")


@pytest.mark.parametrize(
    "changes", [{"anonim": "ya", "surel": ADDRESS}, {"surel": ""}, {"isian_kosong": "x", "surel": ADDRESS}]
)
async def test_the_unnamed_and_the_robot_are_written_to_nowhere(hall: Hall, changes: dict[str, str]) -> None:
    page = await (await hall.citizen()).send("pengaduan", COMPLAINT | changes)

    assert page.status == 200
    assert await mailed(hall) == []
    assert "surel Anda." not in page.text


async def test_nobodys_mailbox_is_flooded(hall: Hall) -> None:
    citizen = await hall.citizen()
    for number in range(9):
        await citizen.send(
            "pengaduan", COMPLAINT | {"isi": f"{LAMP} Tiang nomor {number}.", "surel": "korban@contoh.id"}
        )

    assert len(await mailed(hall)) == 6


@pytest.mark.parametrize("address", ["a@b@c.id", "a@" + "b" * 300 + ".id", "a\n@b.id", "tanpa-at"])
async def test_an_address_that_is_none_is_not_written_to(quick_store: SqlStore, clock: HandClock, address: str) -> None:
    def story(work: Work) -> Message | None:
        return send_receipt(work, BOX, address, "x", subject="y", key="k", capabilities=OPEN, now=clock.now())

    assert await quick_store.write(story) is None


async def test_a_desa_may_be_chosen_and_a_strange_word_says_nothing(hall: Hall) -> None:
    desa = next(unit for unit in hall.house.organisation if unit.level.village)
    citizen = await hall.citizen()

    first = await citizen.send("pengaduan", COMPLAINT | {"desa": desa.key, "tempat": "Gang Contoh 3"})
    second = await citizen.send("pengaduan", COMPLAINT | {"isi": LAMP + " Lagi.", "desa": "<script>"})

    code = first.noted[-1]
    told = (await citizen.look(first.noted[-2], code)).text
    assert f"Gang Contoh 3, {desa.name}" in told
    assert second.status == 200


async def test_only_the_complaint_may_ask_the_browser_for_a_place(hall: Hall) -> None:
    citizen = await hall.citizen()
    policies = [
        (await citizen.get(f"/publik{path}")).headers["Permissions-Policy"]
        for path in ("/pengaduan", "/permohonan", "")
    ]

    assert ["geolocation=(self)" in one for one in policies] == [True, False, False]
