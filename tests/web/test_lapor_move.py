"""A report that is not ours to answer: LAPOR is asked once to pass it on, and its own templates are offered in its threads."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from omnichannel.connectors.catalogue import ours
from omnichannel.connectors.lapor import ApiForwarder, LaporInbox
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.inbound import ACCOUNT
from omnichannel.domain.partner import Partner
from omnichannel.domain.people import Role
from omnichannel.domain.ports import Raw
from omnichannel.domain.work import Work
from omnichannel.router import route
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.toys.lapor import LaporToy
from omnichannel.web import guard, server
from omnichannel.web.webhooks import INTAKE
from omnichannel.workers.forwarding import Dispatch, desk_of, names
from omnichannel.workers.sending import Sender
from tests.build import a_staff
from tests.desk import a_house, a_verdict
from tests.house import HandClock
from tests.plug import Plug
from tests.web.test_lapor_batch import TOKEN, Board


@pytest.fixture
async def toy() -> AsyncIterator[LaporToy]:
    made = LaporToy()
    await made.start()
    yield made
    made.calm()
    await made.stop()


@pytest.fixture
async def board(
    quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell, toy: LaporToy
) -> AsyncIterator[Board]:
    partner = Partner(base_url=toy.base, key=toy.key, token=toy.token, user_id="9", institution_id="501")
    forwarder = ApiForwarder(partner)
    plugs = [Plug(), *(ours() | {ACCOUNT: LaporInbox(forwarder)}).values()]
    house = a_house(quick_store, tmp_path, clock=clock, bell=bell, connectors=plugs, lapor_way="api")
    house = replace(house, forwarder=forwarder)
    now = clock.now()

    def sign_in(work: Work) -> None:
        staff = a_staff(work, role=Role.LAPOR)
        work.people.open_session(guard.token_hash(TOKEN), staff.id, "c" * 43, now, now + timedelta(hours=9))

    await quick_store.write(sign_in)
    client = TestClient(TestServer(server.build(house)))
    await client.start_server()
    client.session.cookie_jar.update_cookies({guard.SESSION_COOKIE: TOKEN}, client.make_url("/"))
    await names(house, "satu")
    yield Board(house, client)
    await client.close()
    await forwarder.close()


WHY = {"instansi": "601", "alasan": "Tiang itu milik PLN, nomor 6408051234567890."}


async def test_lapor_is_asked_once_and_reads_nobodys_number(board: Board, toy: LaporToy) -> None:
    case = await board.complaint("Lampu jalan mati di Gang Mawar")
    await Dispatch(board.house, "satu").turn()
    page = await (await board.client.get(f"/lapor/{case.number}")).text()
    assert "PT PLN (Persero)" in page

    first, _ = await board.post(f"/lapor/{case.number}/limpah", WHY)
    again, _ = await board.post(f"/lapor/{case.number}/limpah", WHY)

    assert (first, again) == (303, 409)
    (report,) = toy.reports.values()
    assert report.asked_away is not None
    assert report.asked_away[0] == "601"
    assert "6408051234567890" not in report.asked_away[1]
    assert [call for call, _ in toy.calls].count("reject") == 1
    assert "PT PLN (Persero)" in await (await board.client.get(f"/kasus/{case.number}")).text()


@pytest.mark.parametrize(("fault", "again"), [("refused", 303), ("lost", 409), ("reset", 409)])
async def test_what_may_have_arrived_is_not_asked_twice(board: Board, toy: LaporToy, fault: str, again: int) -> None:
    case = await board.complaint("Lampu jalan mati di Gang Mawar")
    await Dispatch(board.house, "satu").turn()
    toy.fail(fault, only="reject")

    first, _ = await board.post(f"/lapor/{case.number}/limpah", WHY)
    second, _ = await board.post(f"/lapor/{case.number}/limpah", WHY)

    assert (first, second) == (422, again)


@pytest.mark.parametrize("change", [{"instansi": "999"}, {"instansi": ""}, {"alasan": "x"}, {"alasan": ""}])
async def test_institution_and_reason_are_needed(board: Board, toy: LaporToy, change: dict[str, str]) -> None:
    case = await board.complaint("Lampu jalan mati di Gang Mawar")
    await Dispatch(board.house, "satu").turn()

    status, _ = await board.post(f"/lapor/{case.number}/limpah", WHY | change)

    assert status == 422
    assert [call for call, _ in toy.calls].count("reject") == 0


async def test_an_answer_to_lapors_own_report_leaves_through_the_gateway_once(board: Board, toy: LaporToy) -> None:
    own = await board.complaint("Lampu jalan mati di Gang Mawar")
    await Dispatch(board.house, "satu").turn()
    assert (await board.case(own)).tracking_id is not None
    (number,) = toy.reports
    body = {
        "id": "9000777",
        "complaint_id": number,
        "at": "2026-11-20T00:00:00Z",
        "kind": "complaint",
        "text": "Jalan rusak di Kaubun",
    }
    raw = Raw(json.dumps(body).encode(), {"content-type": "application/json"})
    await board.client.app[INTAKE].take_in(board.house.connectors[ACCOUNT], [raw])
    message = await board.house.store.read(lambda work: work.messages.by_external(ACCOUNT, "9000777"))
    assert message is not None

    def routed(work: Work) -> None:
        route.route(work, desk_of(board.house), message.id, a_verdict(), board.house.clock.now())

    await board.house.store.write(routed)
    ready = await board.client.get(f"/balasan?percakapan={message.conversation_id}", headers={"HX-Request": "true"})
    assert "Laporan sedang kami kerjakan." in await ready.text()
    form = {"ke": "balas", "text": "Tim kami menambalnya hari Senin.", "key": "k1"}
    await board.post(f"/percakapan/{message.conversation_id}/balas", form)
    await Sender(board.house, ACCOUNT, "uji").turn()
    await Sender(board.house, ACCOUNT, "uji").turn()
    await Dispatch(board.house, "satu").turn()

    assert [one["content"] for one in toy.replies] == ["Tim kami menambalnya hari Senin."]
    assert len(toy.reports) == 1, "what came from LAPOR does not go back there"


def test_a_machine_has_nothing_to_say_there() -> None:
    assert all(can.silent for can in LaporInbox().surfaces.values())
    assert isinstance(next(iter(LaporInbox().surfaces.values())), Capabilities)
