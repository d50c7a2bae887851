"""What was said while no webhook came, read again: under the webhooks' own ids, page by page, and never in a hurry."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from omnichannel.connectors.graph.page.asking import shares
from omnichannel.domain.abilities import CatchUp, Naming
from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.errors import AccountBroken, Refused, TryLater
from omnichannel.domain.message import Event, EventType
from omnichannel.domain.ports import Raw
from omnichannel.toys.base import ToyFile
from tests.connectors.meta_bench import Bench, to, under

HOUR = timedelta(hours=1)


@pytest.fixture(params=[Channel.FACEBOOK, Channel.INSTAGRAM])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    made = Bench(request.param)
    await made.start()
    yield made
    await made.stop()


def read(bench: Bench, raws: Sequence[Raw]) -> list[Event]:
    return [event for raw in raws for event in bench.connector.parse(raw)]


async def missed(bench: Bench, since: timedelta = HOUR) -> list[Event]:
    """Everything of a whole walk."""
    found: list[Raw] = []
    cursor: str | None = None
    while True:
        batch = await bench.connector.missed(bench.clock.at - since, cursor)
        found += batch.raws
        cursor = batch.cursor
        if cursor is None:
            return read(bench, found)


async def test_what_is_read_again_bears_the_ids_that_the_webhooks_bore(bench: Bench) -> None:
    post = bench.toy.publish("Jadwal air")
    bench.siti.writes("Lampu jalan mati")
    bench.siti.sends_file(ToyFile("jalan.jpg", "image/jpeg", b"foto"), "Ini fotonya")
    first = bench.siti.comments(post, "Kapan mengalir?")
    bench.toy.citizen("Budi").comments(post, "Di sini juga", under=first.id)
    told = [event for body in bench.toy.delivered for event in bench.connector.parse(Raw(body))]

    found = await missed(bench)

    assert {event.external_id for event in found} == {event.external_id for event in told}
    kept = {event.external_id: event for event in found}
    for event in told:
        again = kept[event.external_id]
        same = ("type", "conversation", "surface", "text", "sent_at", "reply_to")
        assert [getattr(again, key) for key in same] == [getattr(event, key) for key in same]
        assert again.author.id == event.author.id
        assert [part.url for part in again.attachments] == [part.url for part in event.attachments]


async def test_our_own_words_are_echoes_and_name_the_citizens_thread(bench: Bench) -> None:
    bench.siti.writes("Halo")
    comment = bench.siti.comments(bench.toy.publish("Jadwal"), "Kapan?")
    await bench.connector.send(to(bench.siti, "Selamat pagi"))
    await bench.connector.send(under(comment, "Besok."))

    ours = [event for event in await missed(bench) if event.type is EventType.ECHO]

    assert {(event.text, event.surface) for event in ours} >= {
        ("Selamat pagi", Surface.DIRECT),
        ("Besok.", Surface.PUBLIC),
    }
    assert {event.conversation for event in ours if event.surface is Surface.DIRECT} == {bench.siti.id}


async def test_what_was_said_before_is_left_out(bench: Bench) -> None:
    post = bench.toy.publish("Jadwal")
    bench.siti.writes("lama")
    bench.siti.comments(post, "komentar lama")
    bench.clock.at += 5 * HOUR
    bench.siti.writes("baru")
    bench.siti.comments(post, "komentar baru")

    assert sorted(event.text for event in await missed(bench)) == ["baru", "komentar baru"]


async def test_a_long_silence_is_read_page_by_page_and_goes_on_where_it_stood(bench: Bench) -> None:
    bench.toy.reading.page_size = 2
    posts = [bench.toy.publish(f"Kabar {number}") for number in range(5)]
    for number in range(7):
        citizen = bench.toy.citizen(f"Warga {number}")
        citizen.writes(f"pesan {number}")
        citizen.comments(posts[number % 5], f"komentar {number}")
    since = bench.clock.at - HOUR

    batch = await bench.connector.missed(since, None)
    other = bench.connect()
    again = await other.missed(since, None)
    await other.close()
    assert (batch.cursor is not None, [raw.body for raw in batch.raws]) == (True, [raw.body for raw in again.raws])
    whole = await missed(bench)

    assert sorted(event.text for event in whole) == sorted(
        f"{kind} {number}" for kind in ("pesan", "komentar") for number in range(7)
    )


async def test_a_long_conversation_is_read_as_far_back_as_meta_shows_it(bench: Bench) -> None:
    for number in range(45):
        bench.siti.writes(f"baris {number}")

    texts = [event.text for event in await missed(bench)]

    # Of an Instagram conversation only the newest twenty can be read.
    first = 0 if bench.rig.channel is Channel.FACEBOOK else 25
    assert texts == [f"baris {number}" for number in range(first, 45)]


async def test_a_list_that_we_may_not_read_costs_only_itself(bench: Bench) -> None:
    bench.siti.writes("Halo")
    bench.siti.comments(bench.toy.publish("Jadwal"), "Kapan?")
    bench.toy.reading.no_right = {"conversations"}

    assert [event.text for event in await missed(bench)] == ["Kapan?"]


async def test_a_token_that_died_is_told_to_the_administrator(bench: Bench) -> None:
    bench.toy.fail("unauthorized", times=5)

    with pytest.raises(AccountBroken):
        await missed(bench)


async def test_reading_stops_long_before_meta_shuts_the_door(bench: Bench) -> None:
    bench.siti.writes("Halo")
    bench.toy.use = 80
    with pytest.raises(TryLater) as error:
        await missed(bench)
    assert error.value.after is not None
    assert error.value.after > timedelta(minutes=10)
    asked = len(bench.toy.calls)

    # Answering citizens goes on; only reading rests.
    await bench.connector.send(to(bench.siti))
    with pytest.raises(TryLater):
        await missed(bench)

    assert [name for name, _ in bench.toy.calls[asked:]] == ["messages"]


@pytest.mark.parametrize("nonsense", ["", "{", "[]", '{"call_count": "banyak"}', '{"a": [{"b": 1}]}', "[" * 100_000])
def test_usage_that_cannot_be_read_says_nothing(nonsense: str) -> None:
    assert list(shares({"x-app-usage": nonsense})) == []


def test_usage_is_found_however_deep() -> None:
    text = '{"17": [{"type": "pages", "call_count": 12, "total_time": 88, "estimated_time_to_regain_access": 999}]}'

    assert max(shares({"x-business-use-case-usage": text})) == 88


@pytest.mark.parametrize("cursor", ["", "{", "[]", '{"part": "lain"}', '{"part": "conversations", "page": "x"}'])
async def test_a_cursor_of_nobody_ends_or_starts_over(bench: Bench, cursor: str) -> None:
    bench.siti.writes("Halo")

    batch = await bench.connector.missed(bench.clock.at - HOUR, cursor)

    assert [event.text for event in read(bench, batch.raws)] in ([], ["Halo"])


# ---- names


async def test_a_name_is_told_of_whoever_wrote_to_us(bench: Bench) -> None:
    bench.siti.writes("Halo")

    found = await bench.connector.name_of(bench.siti.id)

    assert found is not None
    assert found.name == "Siti"
    assert found.handle == (None if bench.rig.channel is Channel.FACEBOOK else bench.siti.handle)


async def test_nobody_is_asked_about_an_id_of_our_own_making(bench: Bench) -> None:
    assert await bench.connector.name_of("komentar:123_4") is None
    assert bench.toy.calls == []


async def test_a_citizen_whom_meta_does_not_name_is_refused_and_a_missing_right_is_the_accounts(bench: Bench) -> None:
    bench.siti.writes("Halo")
    with pytest.raises(Refused):
        await bench.connector.name_of("999999")

    bench.toy.reading.no_right = {"profile"}
    with pytest.raises(AccountBroken):
        await bench.connector.name_of(bench.siti.id)


async def test_a_commenter_on_instagram_never_consented() -> None:
    bench = Bench(Channel.INSTAGRAM)
    await bench.start()
    bench.siti.comments(bench.toy.publish("Jadwal"), "Kapan?")

    with pytest.raises(Refused):
        await bench.connector.name_of(bench.siti.id)

    await bench.stop()


def test_both_fit_the_sockets() -> None:
    from omnichannel.connectors.facebook import FacebookConnector
    from omnichannel.connectors.instagram import InstagramConnector

    for kind in (FacebookConnector, InstagramConnector):
        assert issubclass(kind, CatchUp)
        assert issubclass(kind, Naming)
