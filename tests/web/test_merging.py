"""The doors to merging, splitting and linking: what is shown, who may, and where an answer goes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from omnichannel.domain.channel import Channel
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.message import Author
from omnichannel.domain.people import Role
from omnichannel.domain.work import Work
from tests.web.front import Front, a_front
from tests.web.test_together import post


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


async def one_citizen(front: Front) -> tuple[Conversation, Conversation]:
    """Two threads of two contacts who gave the same telephone number."""
    found = await front.incoming("lampu mati", "t1"), await front.incoming("juga sampah", "t2")

    def known(work: Work) -> None:
        for thread, phone in (("t1", "+6281255500011"), ("t2", "0812-5550-0011")):
            author = Author(id=f"warga-{thread}", name="Warga Uji", phone=phone)
            work.contacts.meet("uji", Channel.SANDBOX, author, front.clock.now())

    await front.house.store.write(known)
    return found


async def test_suggested_linked_merged_and_answered_each_by_its_own_way(front: Front) -> None:
    rina = await front.signed_in(login="rina")
    first, second = await one_citizen(front)
    offered = await (await rina.get(f"/kotak/semua/{first.id}")).text()

    early, _ = await post(rina, f"/percakapan/{first.id}/satukan", dengan=str(second.id))
    linked, _ = await post(rina, f"/percakapan/{first.id}/warga", kontak=str(second.contact_id), putusan="sama")
    merged, _ = await post(rina, f"/percakapan/{first.id}/satukan", dengan=str(second.id))
    both = [await (await rina.get(f"/kotak/semua/{one.id}")).text() for one in (first, second)]
    await post(rina, f"/percakapan/{second.id}/balas", ke="balas", text="Baik, keduanya kami urus.", key="k1")
    rows = await (await rina.get("/kotak/semua/baris")).text()

    assert "Mungkin warga yang sama:" in offered
    assert "Karena nomor telepon sama." in offered
    assert (early, linked, merged) == (422, 303, 303)
    for page, own in zip(both, (first, second), strict=True):
        assert "lampu mati" in page
        assert "juga sampah" in page
        assert f'action="/percakapan/{own.id}/balas"' in page
        assert "Jawab lewat" in page
    assert f'data-key="{first.id}"' in rows
    assert f'data-key="{second.id}"' not in rows
    assert "Baik, keduanya kami urus." in rows

    # Taken, put off and finished is the one row, from whichever thread's page.
    for page in both:
        assert f'action="/percakapan/{first.id}/selesai"' in page
        assert f'action="/percakapan/{second.id}/' not in page.split('id="aliran"')[0]

    parted, _ = await post(rina, f"/percakapan/{second.id}/lepas-gabung")
    alone = await (await rina.get(f"/kotak/semua/{first.id}/panel")).text()
    assert parted == 303
    assert "juga sampah</div>" not in alone


async def test_messages_are_ticked_and_come_back(front: Front) -> None:
    rina, talk = await front.signed_in(login="rina"), await front.incoming("lampu")
    await front.incoming("sampah")
    messages = await front.house.store.read(lambda work: work.messages.thread(talk.id))
    page = await (await rina.get(f"/percakapan/{talk.id}/pisahkan")).text()

    none, _ = await post(rina, f"/percakapan/{talk.id}/pisahkan")
    done, _ = await post(rina, f"/percakapan/{talk.id}/pisahkan", pesan=str(messages[1].id))
    made = await front.house.store.read(lambda work: work.joins.splits_from(talk.id)[0].conversation_id)
    alone = await (await rina.get(f"/kotak/semua/{made}")).text()
    back, _ = await post(rina, f"/percakapan/{made}/kembalikan")

    assert page.count('type="checkbox" name="pesan"') == 2
    assert (none, done, back) == (422, 303, 303)
    assert "Dipisahkan dari percakapan lain warga ini." in alone
    texts = await front.house.store.read(lambda work: [one.text for one in work.messages.thread(talk.id)])
    assert texts == ["lampu", "sampah"]


async def test_nobody_joins_or_reads_what_lies_with_another_unit(front: Front) -> None:
    umi, rina = await front.signed_in(Role.UNIT, "dishub", login="umi"), await front.signed_in(login="rina")
    first, second = await one_citizen(front)
    first, second = await front.place(first, "dishub"), await front.place(second, "pdam")
    assert "Mungkin warga yang sama" not in await (await umi.get(f"/kotak/semua/{first.id}")).text()
    await post(rina, f"/percakapan/{first.id}/warga", kontak=str(second.contact_id), putusan="sama")

    page = await (await umi.get(f"/kotak/semua/{first.id}")).text()

    assert "lampu mati" in page
    assert "juga sampah" not in page
    assert (await umi.get(f"/percakapan/{second.id}/pisahkan")).status == 403
    assert (await post(umi, f"/percakapan/{first.id}/satukan", dengan=str(second.id)))[0] == 403
    assert (await post(rina, f"/percakapan/{first.id}/satukan", dengan=str(second.id)))[0] == 422


@pytest.mark.parametrize("fields", [{}, {"kontak": "x", "putusan": "sama"}, {"kontak": "999", "putusan": "hapus"}])
async def test_a_decision_that_says_nothing_is_refused(front: Front, fields: dict[str, str]) -> None:
    rina, talk = await front.signed_in(login="rina"), await front.incoming()

    assert (await post(rina, f"/percakapan/{talk.id}/warga", **fields))[0] == 422
    assert (await post(rina, f"/percakapan/{talk.id}/satukan", dengan="²"))[0] == 422
    assert (await post(rina, f"/percakapan/{talk.id}/lepas-gabung"))[0] == 404
