"""Before an answer leaves: what the citizen will see of it, and words that might answer, each with where it comes from."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from omnichannel.domain.channel import Capabilities
from omnichannel.domain.dip import Category, Item
from omnichannel.domain.errors import Refused
from omnichannel.domain.work import Work
from omnichannel.web.preview import Seen, arriving
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import NOW
from tests.web.test_wording import written

QUIET: dict[str, Any] = {"HX-Request": "true"}
SPLITS = Capabilities(text_limit=20, several=True, attachment_limit=10, caption=10)
TOGETHER = Capabilities(text_limit=20, attachment_limit=10)


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("aids"), told=False) as found:
        item = Item(
            id=0,
            unit="bpkad",
            category=Category.ALWAYS,
            title="Ringkasan APBD Kutai Timur 2026",
            url="/publik/dip/apbd",
            updated_at=NOW,
        )
        await found.write(lambda work: work.catalogue.add(item))
        await found.says("Warga P", "tg-humas", "Mohon salinan ringkasan APBD 2026, terima kasih")
        await found.says("Warga M", "surel-layanan", "Mohon jadwal", subject="Jadwal layanan")
        number = found.talks["Warga M"]
        await found.write(lambda work: _named(work, number, "Jadwal layanan"))
        await found.says("Warga X", "x-kutim", "kapan?", public=True)
        yield found


def _named(work: Work, number: int, subject: str) -> None:
    mail = work.conversations.get(number)
    assert mail is not None
    work.conversations.save(mail, replace(mail, subject=subject))


async def previewed(desk: Afternoon, name: str, **form: str) -> dict[str, Any]:
    async with desk.visitor("r") as visitor:
        seen = await visitor.post(f"/percakapan/{desk.talks[name]}/pratinjau", {"ke": "balas"} | form, **QUIET)
    assert seen.status == 200, seen.words
    found: dict[str, Any] = json.loads(seen.html)
    return found


def test_a_long_answer_is_shown_as_the_messages_it_becomes() -> None:
    found = arriving("satu dua tiga empat lima enam tujuh", (), SPLITS, written())

    assert len(found) > 1
    assert found[0].said == f"Pesan 1 dari {len(found)}"
    assert " ".join(one.text for one in found) == "satu dua tiga empat lima enam tujuh"


@pytest.mark.parametrize(
    ("text", "can", "shape"),
    [
        ("pendek", SPLITS, [("pendek", 1)]),
        ("lebih dari sepuluh", SPLITS, [("lebih dari sepuluh", 0), ("", 1)]),
        ("pendek", replace(SPLITS, caption=0), [("pendek", 0), ("", 1)]),
        ("lebih dari sepuluh", TOGETHER, [("lebih dari sepuluh", 1)]),
        ("", SPLITS, [("", 1)]),
    ],
)
def test_words_and_file_arrive_as_the_channel_puts_them(
    text: str, can: Capabilities, shape: list[tuple[str, int]]
) -> None:
    found: list[Seen] = arriving(text, ("denah.pdf",), can, written())

    assert [(one.text, len(one.files)) for one in found] == shape


def test_what_the_channel_would_refuse_is_said() -> None:
    with pytest.raises(Refused, match="paling banyak 20"):
        arriving("x" * 21, (), TOGETHER, written())


async def test_a_mail_shows_its_subject_and_a_post_its_weight(desk: Afternoon) -> None:
    mail = await previewed(desk, "Warga M", text="Terlampir.", berkas='["jadwal.pdf"]')
    post = await previewed(desk, "Warga X", text="x" * 281)
    blank = await previewed(desk, "Warga P", text="Nomor {nomor}")

    assert mail["subject"] == "Re: Jadwal layanan"
    assert mail["messages"][0]["files"] == ["jadwal.pdf"]
    assert "ikut riwayat percakapan" in mail["messages"][-1]["said"]
    assert not any("riwayat" in one["said"] for one in post["messages"])
    assert "280" in post["warn"]
    assert "{nomor}" in blank["warn"]


async def test_suggestions_say_where_they_come_from_and_send_nothing(desk: Afternoon) -> None:
    async with desk.visitor("r") as visitor:
        seen = await visitor.get(f"/percakapan/{desk.talks['Warga P']}/saran", **QUIET)
        page = await visitor.get(f"/percakapan/{desk.talks['Warga P']}/saran")
    found = json.loads(seen.html)["suggestions"]

    first = found[0]
    assert (first["source"], first["name"]) == ("Daftar informasi publik", "Ringkasan APBD Kutai Timur 2026")
    assert first["text"].endswith("/publik/dip/apbd")
    assert {one["source"] for one in found} == {"Daftar informasi publik", "Balasan siap pakai"}
    assert not any("{" in one["text"] for one in found)
    assert "Lihat asalnya" in page.words
    thread = await desk.read(lambda work: work.messages.thread(desk.talks["Warga P"]))
    assert [one.direction.value for one in thread] == ["in"]


@pytest.mark.parametrize("login", ["unit", "auditor"])
async def test_who_may_not_write_here_gets_neither(desk: Afternoon, login: str) -> None:
    async with desk.visitor(login) as visitor:
        suggested = await visitor.get(f"/percakapan/{desk.talks['Warga P']}/saran")
        shown = await visitor.post(f"/percakapan/{desk.talks['Warga P']}/pratinjau", {"text": "x"})

    assert (suggested.status, shown.status) == (403, 403)
