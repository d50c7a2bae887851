"""Perhaps an emergency: the open conversation asks, and one button answers."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.verdict import Reason
from tests.desk import a_verdict
from tests.web.afternoon import Afternoon, an_afternoon


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk")) as found:
        yield found


PERHAPS = replace(
    a_verdict(Kind.OTHER, 0.9),
    needs_person=True,
    reasons=(Reason("tali jemurannya", 1.2, "perhaps:bunuh diri", 0, 15),),
)


async def test_the_conversation_asks_and_a_yes_rings(desk: Afternoon) -> None:
    message = await desk.says("Warga G", "tg-humas", "tali jemurannya saya pinjam. maaf", verdict=PERHAPS)
    where = f"/percakapan/{message.conversation_id}"
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{message.conversation_id}")
        said = await r.post(f"{where}/darurat")
        again = await r.post(f"{where}/bukan-darurat")
        band = await r.get("/alarm/pita")

    assert "Mesin mendengar “tali jemurannya”." in seen.words
    assert "Bukan darurat" in seen.words
    assert "Warga diarahkan ke 112 dan alarm berbunyi." in said.words
    assert "Mesin mendengar" not in said.words
    assert again.status == 422
    assert "tali jemurannya" in band.words


async def test_a_no_ends_the_question_and_stands_in_the_history(desk: Afternoon) -> None:
    message = await desk.says("Warga G", "tg-humas", "tali jemurannya saya pinjam. maaf", verdict=PERHAPS)
    async with desk.visitor("auditor") as auditor:
        only_read = await auditor.get(f"/kotak/semua/{message.conversation_id}")
        refused = await auditor.post(f"/percakapan/{message.conversation_id}/bukan-darurat")
    async with desk.visitor("r") as r:
        said = await r.post(f"/percakapan/{message.conversation_id}/bukan-darurat")
        beside = await r.get(f"/percakapan/{message.conversation_id}/tentang")

    assert "Mungkin darurat." in only_read.words
    assert "Darurat: arahkan ke 112" not in only_read.words
    assert refused.status == 403
    assert "Dicatat: bukan darurat." in said.words
    assert "Mesin mendengar" not in said.words
    assert "memastikan ini bukan darurat: “tali jemurannya”" in beside.words
