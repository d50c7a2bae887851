"""WhatsApp through the real facebook-sdk object against the toy Cloud API."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from omnichannel.connectors.whatsapp import WhatsAppConnector
from omnichannel.domain.channel import Address, Channel, Late, Surface
from omnichannel.domain.errors import AccountBroken, Refused, TooLong, TryLater, Unsure, WindowClosed
from omnichannel.domain.message import Attachment, Delivery, Event, EventType, Outgoing, OutgoingFile, TemplateUse
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import MediaSource, Polling, Probe, Raw, Reading, Templates, Webhook
from omnichannel.toys.base import ToyFile
from omnichannel.toys.whatsapp import WhatsAppToy
from omnichannel.toys.whatsapp_citizen import Citizen

TOKEN = "EAAtoy-token"
MEGABYTE = 1024 * 1024
PDF = OutgoingFile("surat tugas.pdf", "application/pdf", b"%PDF isi")
JPG = OutgoingFile("jalan.jpg", "image/jpeg", b"\xff\xd8 isi")
MP3 = OutgoingFile("suara.mp3", "audio/mpeg", b"ID3 isi")


class Hours:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


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


def an_account(toy: WhatsAppToy, token: str = TOKEN, **options: Any) -> Account:
    known = {"base_url": toy.base, "phone_number_id": toy.number_id, "business_id": toy.business_id}
    secrets = {"TOKEN": token, "APP_SECRET": "rahasia", "VERIFY_TOKEN": "kata"}
    options = {**known, "timeout_seconds": 1, **options}
    return Account("wa-humas", Channel.WHATSAPP, options, {key: Secret(one) for key, one in secrets.items()})


def to(citizen: Citizen | str, text: str = "Baik, kami cek.", **more: Any) -> Outgoing:
    name = citizen if isinstance(citizen, str) else citizen.id
    return Outgoing(key="kunci-1", address=Address(name, Surface.DIRECT, name), text=text, **more)


def told(toy: WhatsAppToy, office: WhatsAppConnector) -> list[Event]:
    """What the platform posted, as we read it."""
    return [event for body in toy.delivered for event in office.parse(Raw(body))]


def posts(toy: WhatsAppToy) -> list[dict[str, Any]]:
    return [said for call, said in toy.calls if call == "messages"]


# ---- receiving


def test_it_fits_the_sockets_it_should(toy: WhatsAppToy) -> None:
    connector = WhatsAppConnector(Account("baca", Channel.WHATSAPP))

    for socket in (Webhook, MediaSource, Probe, Templates, Reading):
        assert isinstance(connector, socket)
    assert not isinstance(connector, Polling)
    direct = connector.surfaces[Surface.DIRECT]
    assert (direct.text_limit, direct.window, direct.late) == (4096, timedelta(hours=24), Late.TEMPLATE)
    assert direct.receipts


async def test_a_citizens_day_in_events(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    siti = toy.citizen("Siti Toy")
    first = siti.writes("Lampu mati 🌚")
    siti.edits(first, "Lampu jalan mati")
    siti.sends_file(ToyFile("a.ogg", "audio/ogg", b"Ogg"), voice=True)
    siti.shares_place(0.5, 117.5, "Pasar")
    siti.reacts("wamid.X", "👍")
    siti.writes_a_poll()
    siti.withdraws(first)
    siti.changes_number()
    siti.hears_from_the_phone("Sudah, Bu.")

    found = told(toy, office)

    assert [event.type.value for event in found] == [
        "incoming", "edited", "incoming", "incoming", "reaction", "unknown", "withdrawn", "notice", "echo",
    ]  # fmt: skip
    assert found[0].external_id == first["id"] == found[1].target == found[6].target
    assert found[7].extra["moved_to"] == found[8].conversation == siti.id
    assert all(event.problem is None for event in found)


async def test_a_photo_is_fetched_with_a_fresh_link(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    toy.citizen("Siti").sends_file(ToyFile("a.jpg", "image/jpeg", b"JPEG"), "rusak")
    (event,) = told(toy, office)

    assert await office.fetch(event.attachments[0]) == b"JPEG"
    assert event.text == "rusak"


async def test_a_link_that_died_is_asked_for_once_more(
    toy: WhatsAppToy, office: WhatsAppConnector, hours: Hours
) -> None:
    media_id = toy.keep(ToyFile("a.jpg", "image/jpeg", b"JPEG"))
    lifetimes = iter([timedelta(), timedelta(minutes=5)])
    toy.link_lives = lambda: next(lifetimes)

    assert await office.fetch(Attachment("image/jpeg", id=media_id)) == b"JPEG"

    toy.link_lives = timedelta
    with pytest.raises(Refused, match="Minta warga"):
        await office.fetch(Attachment("image/jpeg", id=media_id))


async def test_a_file_that_is_gone_too_large_or_nameless_is_refused(
    toy: WhatsAppToy, office: WhatsAppConnector
) -> None:
    for media_id in ("404", "../1000000000000001", None, ""):
        with pytest.raises(Refused):
            await office.fetch(Attachment("image/jpeg", id=media_id))

    toy.largest_said = 101 * MEGABYTE
    with pytest.raises(Refused, match="100 MB"):
        await office.fetch(Attachment("image/jpeg", id=toy.keep(ToyFile("a.jpg", "image/jpeg", b"JPEG"))))


@pytest.mark.parametrize("kind", ["bare", "reset", "hang", "server", "flood", "transient"])
@pytest.mark.parametrize("only", ["node", "download"])
async def test_fetching_waits_out_trouble_in_either_step(
    toy: WhatsAppToy, office: WhatsAppConnector, kind: str, only: str
) -> None:
    media_id = toy.keep(ToyFile("a.jpg", "image/jpeg", b"JPEG"))
    toy.fail(kind, times=3, only=only)

    with pytest.raises(TryLater):
        await office.fetch(Attachment("image/jpeg", id=media_id))

    toy.calm()
    assert await office.fetch(Attachment("image/jpeg", id=media_id)) == b"JPEG"


# ---- sending


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
        await office.mark_read("wamid.1")
    toy.calm()

    await office.mark_read("wamid.1")

    assert toy.read == ["wamid.1"]


# ---- the account


async def test_open_proves_token_and_number(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    await office.open()

    assert await office.probe() == "+628009999999 (Humas Toy)"
    assert toy.versions == {"v26.0"}


@pytest.mark.parametrize(
    "wrong", [{"token": "salah"}, {"phone_number_id": "77"}, {"phone_number_id": ""}, {"token": ""}], ids=range(4)
)
async def test_what_is_wrong_with_our_account_is_the_administrators(toy: WhatsAppToy, wrong: dict[str, Any]) -> None:
    connector = WhatsAppConnector(an_account(toy, **wrong))
    toy.citizen("Siti").writes("halo")

    for call in (connector.open(), connector.send(to(toy.citizen("Siti"))), connector.mark_read("wamid.1")):
        with pytest.raises(AccountBroken):
            await call

    await connector.close()


async def test_a_secret_of_another_app_is_told_plainly(toy: WhatsAppToy) -> None:
    account = an_account(toy)
    other = replace(account, secrets={**account.secrets, "APP_SECRET": Secret("milik aplikasi lain")})
    connector = WhatsAppConnector(other)

    with pytest.raises(AccountBroken, match="APP_SECRET"):
        await connector.open()
    await connector.close()


async def test_nobody_there_is_try_later_because_nothing_left(toy: WhatsAppToy) -> None:
    connector = WhatsAppConnector(an_account(toy, base_url="http://127.0.0.1:9"))

    for files in ((), (PDF,)):
        with pytest.raises(TryLater):
            await connector.send(to("628000000001", files=files))
    await connector.close()


async def test_too_long_never_reaches_the_network(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    for text in ("x" * 4097, "🌚" * 4097):
        with pytest.raises(TooLong):
            await office.send(to("628000000001", text))

    assert toy.calls == []


async def test_no_secret_in_any_log_line_or_dump(
    toy: WhatsAppToy, office: WhatsAppConnector, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = [repr(office), str(vars(office)), str(office._posting)]
    for kind in ("reset", "unauthorized", "bare"):
        toy.fail(kind)
        with pytest.raises((Unsure, AccountBroken)) as raised:
            await office.send(to("628000000001"))
        shown += [repr(raised.value), repr(raised.value.__cause__), str(raised.value.__cause__)]

    for secret in (TOKEN, "rahasia", "kata"):
        assert secret not in "".join(shown) + caplog.text
