"""The make-believe channel beside its toy: hooks that arrive, receipts that follow, a key that is never sent twice."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from omnichannel.connectors.sandbox import SandboxConnector, build
from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.errors import Refused
from omnichannel.domain.message import Delivery, Event, EventType, Outgoing, OutgoingFile
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook, Raw
from omnichannel.toys.base import ToyFile
from omnichannel.toys.sandbox import SandboxToy
from omnichannel.toys.serving import Loopback


class Office:
    """A door for hooks: verified, parsed, remembered."""

    def __init__(self, connector: SandboxConnector) -> None:
        self.connector = connector
        self.heard: list[Event] = []
        app = web.Application()
        app.router.add_post("/hooks/kotak-pasir", self._take)
        self.server = Loopback(app)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {key.lower(): value for key, value in request.headers.items()}
        self.connector.verify(Hook("POST", headers, {}, body))
        self.heard += self.connector.parse(Raw(body))
        return web.Response()


@pytest.fixture
async def toy() -> AsyncIterator[SandboxToy]:
    platform = SandboxToy(secret="rahasia")
    await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def office(toy: SandboxToy) -> AsyncIterator[Office]:
    account = Account("kotak-pasir", Channel.SANDBOX, {"base_url": toy.base}, {"SECRET": Secret("rahasia")})
    place = Office(build(account))
    toy.courier.url = f"{await place.server.start()}/hooks/kotak-pasir"
    yield place
    await place.connector.close()
    await place.server.stop()


def an_answer(chat: str, text: str = "Baik.", key: str = "k1", *files: OutgoingFile) -> Outgoing:
    return Outgoing(key=key, address=Address(chat, Surface.DIRECT, chat), text=text, files=files)


async def settled(toy: SandboxToy) -> None:
    async with asyncio.timeout(5):
        await toy.courier.settled()


async def test_a_signed_hook_brings_the_citizens_words(toy: SandboxToy, office: Office) -> None:
    await toy.write(None, "Rahma", "Lampu mati")
    await settled(toy)

    assert [(one.type, one.text, one.author.name) for one in office.heard] == [
        (EventType.INCOMING, "Lampu mati", "Rahma")
    ]


async def test_a_receipt_names_the_message_it_is_about(toy: SandboxToy, office: Office) -> None:
    chat = await toy.write(None, "Rahma", "Lampu mati")

    sent = await office.connector.send(an_answer(chat))
    await settled(toy)

    receipt = office.heard[-1]
    assert (receipt.type, receipt.target, receipt.status) == (EventType.RECEIPT, sent.external_id, Delivery.DELIVERED)


async def test_the_same_key_is_one_message(toy: SandboxToy, office: Office) -> None:
    chat = await toy.write(None, "Rahma", "Lampu mati")

    first = await office.connector.send(an_answer(chat))
    second = await office.connector.send(an_answer(chat))

    assert first == second
    assert [line.text for line in toy.transcript(chat) if not line.mine] == ["Baik."]


async def test_files_go_both_ways(toy: SandboxToy, office: Office) -> None:
    chat = await toy.show(None, "Rahma", "ini fotonya", ToyFile("jalan.png", "image/png", b"png"))
    await settled(toy)

    assert await office.connector.fetch(office.heard[0].attachments[0]) == b"png"
    await office.connector.send(an_answer(chat, "", "k2", OutgoingFile("surat.pdf", "application/pdf", b"pdf")))
    assert toy.transcript(chat)[-1].files == ("surat.pdf",)


async def test_a_correction_is_an_edit_of_the_same_message(toy: SandboxToy, office: Office) -> None:
    chat = await toy.write(None, "Rahma", "Lampu mati")
    await toy.correct(chat, "Lampu mati di RT 7")
    await settled(toy)

    assert office.heard[1].type is EventType.EDITED
    assert office.heard[1].target == office.heard[0].external_id
    assert [line.text for line in toy.transcript(chat)] == ["Lampu mati di RT 7"]


async def test_a_batch_in_any_order_and_twice_has_the_same_ids(toy: SandboxToy, office: Office) -> None:
    toy.courier.repeats = 1
    toy.courier.shuffle(5)
    chat = toy.citizen("Rahma")
    for number in range(5):
        toy.tell(
            toy.event(chat, "incoming", id=f"x{number}", text=str(number)),
            toy.event(chat, "edited", target="x0", text="0"),
        )
    await settled(toy)

    assert len(office.heard) == 20
    assert {one.external_id for one in office.heard if one.type is EventType.INCOMING} == {f"x{n}" for n in range(5)}


async def test_a_refusal_tells_staff_why(toy: SandboxToy, office: Office) -> None:
    chat = await toy.write(None, "Rahma", "Lampu mati")
    toy.fail("blocked")

    with pytest.raises(Refused, match="memblokir") as raised:
        await office.connector.send(an_answer(chat))

    assert raised.value.code == "blocked"


def test_a_handshake_is_answered_with_its_challenge() -> None:
    connector = build(Account("kotak-pasir", Channel.SANDBOX))

    assert connector.greet(Hook("GET", {}, {"challenge": "123"}, b"")) == "123"
    assert connector.greet(Hook("POST", {}, {"challenge": "123"}, b"{}")) is None
