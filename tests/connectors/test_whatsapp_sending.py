"""Sending through the Cloud API: words, files, templates, and what each refusal means."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from omnichannel.connectors.whatsapp import WhatsAppConnector
from omnichannel.domain.channel import Address, Surface
from omnichannel.domain.errors import AccountBroken, Refused, TryLater, Unsure, WindowClosed
from omnichannel.domain.message import Delivery, EventType, Outgoing, OutgoingFile, TemplateUse
from omnichannel.toys.whatsapp import WhatsAppToy
from tests.connectors.whatsapp_bench import JPG, MP3, PDF, TOKEN, Hours, an_account, posts, to, told

MEGABYTE = 1024 * 1024


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
async def toy(hours: Hours) -> AsyncIterator[WhatsAppToy]:
    platform = WhatsAppToy(token=TOKEN, app_secret="rahasia", now=hours)
    await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def office(toy: WhatsAppToy) -> AsyncIterator[WhatsAppConnector]:
    connector = WhatsAppConnector(an_account(toy))
    yield connector
    await connector.close()


async def test_an_answer_reaches_the_citizen_and_its_ticks_come_back(
    toy: WhatsAppToy, office: WhatsAppConnector
) -> None:
    siti = toy.citizen("Siti")
    asked = siti.writes("Kapan diperbaiki?")

    sent = await office.send(to(siti, "Besok <pagi> https://contoh.example", reply_to=asked["id"]))

    assert toy.transcript(siti.id)[-1].text == "Besok <pagi> https://contoh.example"
    assert toy.transcript(siti.id)[-1].id == sent.external_id
    assert posts(toy)[0]["context"] == {"message_id": asked["id"]}
    assert posts(toy)[0]["text"]["preview_url"] is False
    receipts = [event for event in told(toy, office) if event.type is EventType.RECEIPT]
    assert [(one.target, one.status) for one in receipts] == [
        (sent.external_id, Delivery.SENT), (sent.external_id, Delivery.DELIVERED),
    ]  # fmt: skip
    assert {one.extra["key"] for one in receipts} == {"kunci-1"}


async def test_a_citizen_without_a_number_is_answered_by_their_id(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    budi = toy.citizen("Budi", with_number=False)
    budi.writes("halo")
    (event,) = told(toy, office)

    await office.send(to(event.author.id))

    assert event.author.phone is None
    assert (posts(toy)[0]["recipient"], posts(toy)[0].get("to")) == (budi.id, None)
    assert toy.transcript(budi.id)[-1].text == "Baik, kami cek."


@pytest.mark.parametrize("written", ["{}", "+{}", "+62 {}"])
async def test_a_number_is_written_as_the_api_wants_it(
    toy: WhatsAppToy, office: WhatsAppConnector, written: str
) -> None:
    siti = toy.citizen("Siti")
    siti.writes("halo")
    assert siti.number is not None
    number = siti.number.removeprefix("62") if " " in written else siti.number

    await office.send(to(written.format(number)))
    known = replace(to(siti), address=Address(siti.id, Surface.DIRECT, siti.id, {"phone": f"+{siti.number}"}))
    await office.send(known)

    assert [(said["to"], said.get("recipient")) for said in posts(toy)] == [(siti.number, None)] * 2


@pytest.mark.parametrize("address", ["", "bukan alamat", "12", "ID.", "id.123", "US.1!", "6" * 21])
async def test_what_is_no_address_never_reaches_the_network(
    toy: WhatsAppToy, office: WhatsAppConnector, address: str
) -> None:
    with pytest.raises(Refused):
        await office.send(to(address))

    assert toy.calls == []


async def test_a_group_is_answered_as_a_group(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    group = Outgoing(key="k", address=Address("Y2FwaV9#x", Surface.PUBLIC, "ID.1"), text="Baik.")

    with pytest.raises(Refused):  # the toy has no groups
        await office.send(group)

    assert (posts(toy)[0]["recipient_type"], posts(toy)[0]["to"]) == ("group", "Y2FwaV9")


@pytest.mark.parametrize(
    ("files", "text", "types"),
    [
        ([JPG], "ini", ["image"]),
        ([PDF], "", ["document"]),
        ([JPG, PDF], "dua", ["image", "document"]),
        ([PDF], "x" * 1025, ["text", "document"]),
        ([MP3], "dengarkan", ["text", "audio"]),
        ([MP3, JPG], "", ["audio", "image"]),
    ],
    ids=range(6),
)
async def test_files_are_uploaded_first_and_words_stand_under_them(
    toy: WhatsAppToy, office: WhatsAppConnector, files: list[OutgoingFile], text: str, types: list[str]
) -> None:
    siti = toy.citizen("Siti")
    siti.writes("minta surat")

    sent = await office.send(to(siti, text, files=tuple(files)))

    assert [call for call, _ in toy.calls] == ["media"] * len(files) + ["messages"] * len(types)
    assert [said["type"] for said in posts(toy)] == types
    lines = toy.transcript(siti.id)[1:]
    assert (lines[0].text, lines[0].id) == (text, sent.external_id)
    assert [name for line in lines for name in line.files] == [file.name for file in files]
    assert [toy.files[said[said["type"]]["id"]].content for said in posts(toy) if said["type"] != "text"] == [
        file.content for file in files
    ]


async def test_an_upload_may_be_tried_again_for_nobody_saw_it(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    siti = toy.citizen("Siti")
    siti.writes("minta surat")
    for kind in ("reset", "bare", "garbage", "server"):
        toy.fail(kind, only="media", times=2)
        with pytest.raises(TryLater):
            await office.send(to(siti, "ini", files=(PDF,)))
        toy.calm()

    assert len(toy.transcript(siti.id)) == 1


async def test_a_half_sent_answer_is_never_repeated_by_itself(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    siti = toy.citizen("Siti")
    siti.writes("minta surat")
    for kind in ("flood", "blocked", "reset"):
        toy.fail("pass", only="messages")
        toy.fail(kind, only="messages")

        with pytest.raises(Unsure, match="sebagian"):
            await office.send(to(siti, "dua", files=(PDF, JPG)))

    assert [line.files for line in toy.transcript(siti.id)[1:]] == [("surat tugas.pdf",)] * 3


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (OutgoingFile("a.jpg", "image/jpeg", bytes(5 * MEGABYTE + 1)), "5 MB"),
        (OutgoingFile("a.mp4", "video/mp4", bytes(16 * MEGABYTE + 1)), "16 MB"),
        (OutgoingFile("a.pdf", "application/pdf", b""), "kosong"),
    ],
    ids=["photo", "film", "empty"],
)
async def test_a_file_that_whatsapp_would_refuse_never_leaves(
    toy: WhatsAppToy, office: WhatsAppConnector, file: OutgoingFile, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        await office.send(to("628000000001", "ini", files=(file,)))

    assert toy.calls == []


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("flood", TryLater), ("pair", TryLater), ("server", TryLater), ("transient", TryLater),
        ("hang", Unsure), ("reset", Unsure), ("bare", Unsure), ("garbage", Unsure),
        ("unauthorized", AccountBroken), ("locked", AccountBroken),
        ("blocked", Refused), ("window", WindowClosed),
    ],
)  # fmt: skip
async def test_each_failure_says_who_can_mend_it(
    toy: WhatsAppToy, office: WhatsAppConnector, kind: str, error: type[Exception]
) -> None:
    siti = toy.citizen("Siti")
    siti.writes("halo")
    toy.fail(kind, seconds=0 if kind == "pair" else 9)

    with pytest.raises(error) as raised:
        await office.send(to(siti))

    assert type(raised.value) is error
    assert TOKEN not in repr(raised.value) + repr(raised.value.__cause__)
    if isinstance(raised.value, TryLater):
        assert raised.value.after == timedelta(seconds=6 if kind == "pair" else 9)


async def test_after_a_day_only_a_template_may_begin_again(
    toy: WhatsAppToy, office: WhatsAppConnector, hours: Hours
) -> None:
    siti = toy.citizen("Siti")
    siti.writes("halo")
    toy.add_template("kabar", "Bapak/Ibu {{1}}, laporan {{2}} selesai.")
    toy.add_template("sapa", "Halo {{nama}}.")
    hours.at += timedelta(hours=24)
    with pytest.raises(WindowClosed, match="24 jam"):
        await office.send(to(siti))

    await office.send(to(siti, "x", template=TemplateUse("kabar", "id", {"1": "Siti", "2": "LAP-1"})))
    await office.send(to(siti, "", template=TemplateUse("sapa", "id", {"nama": "Siti"})))

    assert [line.text for line in toy.transcript(siti.id)[1:]] == [
        "Bapak/Ibu Siti, laporan LAP-1 selesai.", "Halo Siti.",
    ]  # fmt: skip


async def test_a_template_that_does_not_fit_is_the_writers(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    siti = toy.citizen("Siti")
    toy.add_template("kabar", "Laporan {{1}} selesai.")
    toy.add_template("lama", "Apa kabar?", status="PAUSED")

    for use, code in (
        (TemplateUse("tidak-ada", "id"), "132001"),
        (TemplateUse("kabar", "en", {"1": "x"}), "132001"),
        (TemplateUse("kabar", "id"), "132000"),
        (TemplateUse("lama", "id"), "132015"),
    ):
        with pytest.raises(Refused) as raised:
            await office.send(to(siti, template=use))
        assert raised.value.code == code
    with pytest.raises(Refused):
        await office.send(to(siti, template=TemplateUse("kabar", "id", {"1": "x"}), files=(PDF,)))


async def test_every_template_is_listed_with_its_state(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    for number, state in enumerate(("APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "BARU_SEKALI")):
        toy.add_template(f"t{number}", f"Teks {number}", status=state)

    found = await office.templates()

    assert [(one.name, one.language, one.state, one.text) for one in found] == [
        (f"t{number}", "id", state, f"Teks {number}")
        for number, state in enumerate(("approved", "pending", "rejected", "paused", "disabled", "baru_sekali"))
    ]
    with pytest.raises(AccountBroken, match="business_id"):
        await WhatsAppConnector(an_account(toy, business_id="")).templates()


async def test_a_message_is_shown_as_read(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    toy.fail("reset", only="messages", times=2)
    with pytest.raises(TryLater):
        await office.mark_read("wamid.1", Address("x", Surface.DIRECT, "x"))
    toy.calm()

    await office.mark_read("wamid.1", Address("x", Surface.DIRECT, "x"))

    assert toy.read == ["wamid.1"]
