"""Direct answers on Facebook and Instagram, against the toy platforms: what is said, and what is not said twice."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from omnichannel.connectors.graph import PageConnector
from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import AccountBroken, BadSignature, Refused, TryLater, Unsure, WindowClosed
from omnichannel.domain.message import Attachment, EventType, OutgoingFile
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook
from omnichannel.toys.base import ToyFile
from omnichannel.toys.serving import Loopback
from tests.connectors.meta_bench import PHOTO, Bench, to
from tests.connectors.rig import build

MEGABYTE = 1024 * 1024


@pytest.fixture(params=[Channel.FACEBOOK, Channel.INSTAGRAM])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    made = Bench(request.param)
    await made.start()
    yield made
    await made.stop()


# ---- directly


async def test_an_answer_in_time_is_a_response_and_comes_back_as_our_echo(bench: Bench) -> None:
    bench.siti.writes("Halo")

    sent = await bench.connector.send(to(bench.siti))

    (told,) = bench.asked("messages")
    assert told["messaging_type"] == "RESPONSE"
    events = [event for raw in bench.rig.delivered for event in bench.connector.parse(raw)]
    echo = next(event for event in events if event.type is EventType.ECHO)
    assert (echo.external_id, echo.conversation, echo.extra["key"]) == (sent.external_id, bench.siti.id, "kunci-7")
    assert any(event.target == sent.external_id and event.type is EventType.RECEIPT for event in events)


async def test_after_a_day_a_person_may_still_answer_and_a_machine_may_not(bench: Bench) -> None:
    bench.siti.writes("Halo")
    bench.clock.at += timedelta(hours=25)

    with pytest.raises(WindowClosed):
        await bench.connector.send(to(bench.siti, "Kabar otomatis", automatic=True))
    await bench.connector.send(to(bench.siti, "Maaf menunggu"))

    assert bench.said() == ["Maaf menunggu"]
    assert bench.asked("messages")[-1]["tag"] == "HUMAN_AGENT"


async def test_after_a_week_nobody_may(bench: Bench) -> None:
    bench.siti.writes("Halo")
    bench.clock.at += timedelta(days=7)

    with pytest.raises(WindowClosed):
        await bench.connector.send(to(bench.siti))


async def test_an_answer_may_name_the_message_it_answers(bench: Bench) -> None:
    item = bench.siti.writes("Halo")

    await bench.connector.send(to(bench.siti, reply_to=item["message"]["mid"]))

    assert bench.asked("messages")[0]["reply_to"] == {"mid": item["message"]["mid"]}


async def test_files_are_laid_down_before_anything_is_said(bench: Bench) -> None:
    bench.siti.writes("Minta peta")

    await bench.connector.send(to(bench.siti, "Ini petanya", files=(PHOTO, replace(PHOTO, name="b.png"))))

    calls = [name for name, _ in bench.toy.calls]
    assert calls == ["message_attachments"] * 2 + ["messages"] * 3
    lines = [line for line in bench.toy.transcript(bench.siti.id) if not line.mine]
    assert [(line.text, line.files) for line in lines] == [("Ini petanya", ()), ("", ("peta.png",)), ("", ("b.png",))]


async def test_a_file_alone_needs_no_words(bench: Bench) -> None:
    bench.siti.writes("Minta peta")

    await bench.connector.send(to(bench.siti, "", files=(PHOTO,)))

    assert bench.said() == [""]


async def test_a_failed_upload_has_said_nothing(bench: Bench) -> None:
    bench.siti.writes("Minta peta")
    bench.toy.fail("reset", only="message_attachments")

    with pytest.raises(TryLater):
        await bench.connector.send(to(bench.siti, files=(PHOTO,)))

    assert bench.said() == []


@pytest.mark.parametrize("kind", ["flood", "blocked", "bare"])
async def test_what_is_half_said_is_never_said_again_by_itself(bench: Bench, kind: str) -> None:
    bench.siti.writes("Minta peta")
    bench.toy.fail("pass", only="messages")
    bench.toy.fail(kind, only="messages", seconds=3)

    with pytest.raises(Unsure):
        await bench.connector.send(to(bench.siti, "Ini petanya", files=(PHOTO,)))

    assert bench.said() == ["Ini petanya"]


@pytest.mark.parametrize(
    "file",
    [
        OutgoingFile("besar.png", "image/png", b"x" * (25 * MEGABYTE + 1)),
        OutgoingFile("kosong.pdf", "application/pdf", b""),
    ],
    ids=["big", "empty"],
)
async def test_a_file_that_meta_would_not_take_never_reaches_the_network(bench: Bench, file: OutgoingFile) -> None:
    bench.siti.writes("Minta peta")

    with pytest.raises(Refused):
        await bench.connector.send(to(bench.siti, files=(file,)))

    assert bench.toy.calls == []


async def test_instagram_takes_pdf_and_no_other_document() -> None:
    bench = Bench(Channel.INSTAGRAM)
    await bench.start()
    bench.siti.writes("Minta formulir")

    await bench.connector.send(to(bench.siti, files=(OutgoingFile("a.pdf", "application/pdf", b"x"),)))
    with pytest.raises(Refused, match="PDF"):
        await bench.connector.send(to(bench.siti, files=(OutgoingFile("a.docx", "application/msword", b"x"),)))

    await bench.stop()


async def test_a_thread_that_another_app_holds_is_no_trouble_of_our_account(bench: Bench) -> None:
    bench.siti.writes("Halo")
    bench.toy.fail("held")
    with pytest.raises(Refused, match="aplikasi lain"):
        await bench.connector.send(to(bench.siti))
    bench.toy.fail("rights")
    with pytest.raises(AccountBroken):
        await bench.connector.send(to(bench.siti))


async def test_without_a_page_id_the_token_says_who_we_are(bench: Bench) -> None:
    bench.siti.writes("Halo")
    connector = bench.connect(page_id="")

    await connector.send(to(bench.siti))

    assert "humas" in (await connector.probe()).lower()
    assert bench.said() == ["Baik."]
    await connector.close()


async def test_a_page_that_is_not_the_tokens_is_the_administrators(bench: Bench) -> None:
    connector = bench.connect(page_id="404")

    with pytest.raises(AccountBroken, match="page_id"):
        await connector.open()
    with pytest.raises(AccountBroken, match="page_id"):
        await connector.send(to(bench.siti))
    await connector.close()


# ---- files


async def test_a_file_is_fetched_without_our_token(bench: Bench) -> None:
    bench.siti.sends_file(ToyFile("surat.pdf", "application/pdf", b"isi"))
    (event,) = bench.connector.parse(bench.rig.delivered[-1])

    # The toy refuses a token on its file network.
    assert await bench.connector.fetch(event.attachments[0]) == b"isi"
    assert (event.attachments[0].name, event.attachments[0].media_type) == ("surat.pdf", "application/pdf")


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png"])
async def test_where_a_link_has_died_the_graph_gives_a_fresh_one(bench: Bench, media_type: str) -> None:
    bench.siti.sends_file(ToyFile("surat", media_type, b"isi"))
    (event,) = bench.connector.parse(bench.rig.delivered[-1])
    bench.toy.links_die()

    assert await bench.connector.fetch(event.attachments[0]) == b"isi"
    assert await bench.connector.fetch(replace(event.attachments[0], url=None)) == b"isi"


async def test_a_file_that_is_gone_with_its_message_is_gone_for_good(bench: Bench) -> None:
    bench.siti.sends_file(ToyFile("surat.pdf", "application/pdf", b"isi"))
    (event,) = bench.connector.parse(bench.rig.delivered[-1])
    file = event.attachments[0]
    bench.toy.links_die()
    bench.toy.files.clear()

    for lost in (file, replace(file, id=None), replace(file, id="../me/0"), replace(file, id="m_lain/0")):
        with pytest.raises(Refused):
            await bench.connector.fetch(lost)


async def test_a_link_may_lead_on_but_not_for_ever(bench: Bench) -> None:
    async def on(request: web.Request) -> web.Response:
        left = int(request.match_info["left"])
        return web.Response(status=302, headers={"Location": f"/{left - 1}"}) if left else web.Response(body=b"isi")

    app = web.Application()
    app.router.add_get("/{left}", on)
    server = Loopback(app)
    base = await server.start()

    assert await bench.connector.fetch(Attachment("image/jpeg", url=f"{base}/2")) == b"isi"
    with pytest.raises(Refused):
        await bench.connector.fetch(Attachment("image/jpeg", url=f"{base}/9"))
    await server.stop()


@pytest.mark.parametrize("link", [None, "", "file:///etc/passwd", "ftp://contoh.id/a", "/a", "http://127.0.0.1/a"])
@pytest.mark.parametrize("channel", [Channel.FACEBOOK, Channel.INSTAGRAM])
async def test_only_an_encrypted_link_is_followed_from_the_real_graph(channel: Channel, link: str | None) -> None:
    connector = build(Account("a", channel, {"page_id": "1"}))
    assert isinstance(connector, PageConnector)

    with pytest.raises(Refused):
        await connector.fetch(Attachment("image/jpeg", url=link))
    await connector.close()


# ---- the door


async def test_the_handshake_is_answered_to_whoever_knows_the_word(bench: Bench) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "kata-sandi-webhook", "hub.challenge": "42"}

    assert bench.connector.greet(Hook("GET", {}, asked, b"")) == "42"
    with pytest.raises(BadSignature):
        bench.connector.greet(Hook("GET", {}, {**asked, "hub.verify_token": "salah"}, b""))


async def test_calls_are_proved_with_the_apps_secret(bench: Bench) -> None:
    await bench.connector.open()
    proof = hmac.new(b"rahasia-baru", b"EAAcontract-token", hashlib.sha256).hexdigest()
    ((_, query),) = bench.toy.calls

    assert query["appsecret_proof"] == proof

    wrong = build(Account("a", bench.rig.channel, {"base_url": bench.toy.base, "page_id": bench.toy.page_id},
                          {"TOKEN": Secret("EAAcontract-token"), "APP_SECRET": Secret("lain")}))  # fmt: skip
    with pytest.raises(AccountBroken, match="APP_SECRET"):
        await wrong.open()
    await wrong.close()
