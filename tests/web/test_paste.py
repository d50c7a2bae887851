"""“Tempel tautan”: a public post becomes a conversation, its history says who entered it, and nothing is said by itself."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from omnichannel.connectors.x import PolledX, build
from omnichannel.domain.aside import answer_aside
from omnichannel.domain.errors import WindowClosed
from omnichannel.domain.outbox import notify
from omnichannel.domain.people import Role
from omnichannel.domain.ports import Connector
from omnichannel.domain.work import Message, Work
from omnichannel.inbox.receive import Intake
from tests.connectors.rigs.x import Rig
from tests.plug import OPEN
from tests.web.front import Client, Front, a_front, csrf

NUMBER = "1990000000000000001"
URL = f"https://x.com/siti_1/status/{NUMBER}"


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = Rig()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def front(tmp_path: Path, rig: Rig) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as made:
        x = build(rig.account(monthly_budget_idr=100_000))
        cast(dict[str, Connector], made.house.connectors)["x-humas"] = x
        yield made
        await x.close()


def office(front: Front) -> PolledX:
    made = front.house.connectors["x-humas"]
    assert isinstance(made, PolledX)
    return made


async def send(client: Client, **fields: str) -> tuple[int, str, str]:
    """The form sent: status, where to, and the page."""
    token = {"X-CSRF-Token": await csrf(client)}
    answer = await client.post("/tempel", data=fields, headers=token, allow_redirects=False)
    return answer.status, answer.headers.get("Location", ""), await answer.text()


async def message(front: Front, number: str = NUMBER) -> Message | None:
    return await front.house.store.read(lambda work: work.messages.by_external("x-humas", number))


async def test_what_was_copied_becomes_a_message_and_says_who_entered_it(front: Front) -> None:
    client = await front.signed_in(login="rina")

    status, where, _ = await send(
        client, tautan=URL, teks="Jalan gelap\r\nsejak Mei", penulis="@siti_1", waktu="2026-12-16T20:15"
    )

    found = await message(front)
    assert found is not None
    assert (status, found.text) == (303, "Jalan gelap\nsejak Mei")
    assert found.sent_at.isoformat() == "2026-12-16T12:15:00+00:00"
    assert where.startswith(f"/kotak/semua/{found.conversation_id}")
    page = await (await client.get(where)).text()
    assert "Rina memasukkan kiriman ini dari" in page
    assert URL in page


async def test_with_the_address_alone_x_is_asked(front: Front, rig: Rig) -> None:
    post = rig.toy.citizen("Siti").mentions("lampu mati")
    client = await front.signed_in()

    status, _, _ = await send(client, tautan=f"https://x.com/siti/status/{post['id']}")

    found = await message(front, post["id"])
    assert status == 303
    assert found is not None
    assert "lampu mati" in found.text


async def test_a_post_that_comes_by_itself_later_is_the_same_one(front: Front, rig: Rig) -> None:
    post = rig.toy.citizen("Siti").mentions("lampu mati")
    client = await front.signed_in()
    await send(client, tautan=f"https://x.com/siti/status/{post['id']}", teks="lampu mati", penulis="siti")
    batch = await office(front).poll(None)
    intake = Intake(front.house.store, front.house.files, front.clock)

    received = await intake.take_in(office(front), batch.raws)
    status, _, _ = await send(client, tautan=f"https://x.com/siti/status/{post['id']}")

    assert (received.new, received.known, status) == (0, 1, 303)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"tautan": "https://jahat.example/a/status/1"}, "bukan kiriman di X"),
        ({"tautan": ""}, "bukan kiriman di X"),
        ({"tautan": f"https://x.com/i/status/{NUMBER}", "teks": "Jalan gelap"}, "Tulis nama"),
        ({"tautan": URL, "teks": "a", "waktu": "kemarin"}, "tidak terbaca"),
        ({"tautan": URL, "teks": "a", "waktu": "2030-01-01T00:00"}, "masa depan"),
        ({"tautan": URL}, "tidak menampilkan"),
    ],
)
async def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    front: Front, fields: dict[str, str], words: str
) -> None:
    client = await front.signed_in()

    status, _, page = await send(client, **fields)

    assert status == 422
    assert words in page
    assert all(value in page for value in fields.values())
    assert await message(front) is None


async def test_once_the_money_is_gone_it_is_entered_by_hand(front: Front, rig: Rig) -> None:
    post = rig.toy.citizen("Siti").mentions("lampu mati")
    poor = build(rig.account(monthly_budget_idr=1))
    cast(dict[str, Connector], front.house.connectors)["x-humas"] = poor
    url = f"https://x.com/siti/status/{post['id']}"
    client = await front.signed_in()
    await send(client, tautan=url)

    status, _, page = await send(client, tautan=f"https://x.com/siti/status/{NUMBER}")
    assert (status, "Anggaran X bulan ini habis" in page) == (422, True)
    status, _, _ = await send(client, tautan=URL, teks="Jalan gelap")

    assert status == 303
    await poor.close()


async def test_no_automatic_notice_is_sent_to_somebody_who_never_wrote_to_us(front: Front) -> None:
    client = await front.signed_in()
    await send(client, tautan=URL, teks="Jalan gelap")
    found = await message(front)
    assert found is not None

    def story(work: Work) -> Message | None:
        conversation = work.conversations.get(found.conversation_id)
        assert conversation is not None
        return notify(work, conversation, "Terima kasih", key="ack", capabilities=OPEN, now=front.clock.now())

    def aside(work: Work) -> None:
        answer_aside(work, found, "Terima kasih", key="pribadi", capabilities=OPEN, now=front.clock.now())

    assert await front.house.store.write(story) is None
    with pytest.raises(WindowClosed, match="dimasukkan petugas"):
        await front.house.store.write(aside)
    history = await front.house.store.read(lambda work: work.screens.history(found.conversation_id))
    assert "notice_withheld" in [one.verb for one in history]


async def test_where_there_are_two_accounts_one_may_be_chosen(front: Front, rig: Rig) -> None:
    account = rig.account()
    other = build(replace(account, name="x-dua"))
    cast(dict[str, Connector], front.house.connectors)["x-dua"] = other
    client = await front.signed_in()

    page = await (await client.get("/tempel?tautan=https://x.com/a/status/1")).text()
    await send(client, tautan=URL, teks="Jalan gelap", akun="x-dua")

    assert "https://x.com/a/status/1" in page
    assert "x-dua" in page
    assert await message(front) is None
    assert await front.house.store.read(lambda work: work.messages.by_external("x-dua", NUMBER)) is not None
    await other.close()


@pytest.mark.parametrize("role", [Role.UNIT, Role.AUDITOR])
async def test_who_may_not_hand_out_work_may_not_enter_any(front: Front, role: Role) -> None:
    client = await front.signed_in(role, "dishub" if role is Role.UNIT else None)

    assert (await client.get("/tempel", allow_redirects=False)).status == 403
    assert (await send(client, tautan=URL, teks="a"))[0] == 403


async def test_the_meter_stands_on_the_channels_page(front: Front, rig: Rig) -> None:
    client = await front.signed_in(Role.ADMINISTRATOR)
    post = rig.toy.citizen("Siti").mentions("lampu mati")
    await send(client, tautan=f"https://x.com/siti/status/{post['id']}")

    page = await (await client.get("/kelola/kanal")).text()

    assert "Biaya x-humas bulan ini" in page
    assert "Rp262" in page
    assert "Rp100.000" in page
    assert "Rp99.738" in page
