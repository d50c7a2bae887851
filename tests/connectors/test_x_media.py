"""Pictures and films to X: uploaded part by part before anything is said, and refused in words where X takes none."""

from dataclasses import replace

import pytest

from omnichannel.connectors.x import PolledX
from omnichannel.connectors.x.uploading import MEGABYTE, PART
from omnichannel.domain.errors import AccountBroken, Refused, TryLater, Unsure
from omnichannel.domain.message import Outgoing, OutgoingFile
from tests.connectors.rigs.x import Rig, address_of
from tests.connectors.x_bench import a_reply, asked, read, rig, x

__all__ = ["rig", "x"]

PHOTO = OutgoingFile("peta.png", "image/png", b"gambar")
FILM = OutgoingFile("banjir.mp4", "video/mp4", b"film" * (PART // 2))


def said(rig: Rig) -> list[tuple[str, tuple[bytes, ...]]]:
    """What citizens see of ours: words, and the bytes of each file."""
    lines = [line for chat in rig.toy.chats() for line in chat.lines if not line.mine]
    return [(line.text, tuple(rig.toy.sent_files[name].content for name in line.files)) for line in lines]


def directly(rig: Rig, text: str = "", *files: OutgoingFile) -> Outgoing:
    siti = rig.toy.citizen("Siti")
    siti.messages("halo")
    return Outgoing(key="k", address=address_of(siti), text=text, files=files)


async def test_four_photos_go_under_the_post_in_their_order(rig: Rig, x: PolledX) -> None:
    post = rig.toy.citizen("Siti").mentions("lampu mati")
    photos = tuple(replace(PHOTO, content=f"foto {number}".encode()) for number in range(4))

    await x.send(a_reply(post, "Ini petanya", files=photos))

    assert said(rig) == [("Ini petanya", tuple(photo.content for photo in photos))]


async def test_a_film_goes_in_parts_and_waits_until_x_has_made_it_ready(rig: Rig, x: PolledX) -> None:
    rig.toy.slow_films = 2

    await x.send(directly(rig, "Kondisi terkini", FILM))

    assert said(rig) == [("Kondisi terkini", (FILM.content,))]
    assert [one["segment_index"] for one in asked(rig.toy, "append")] == [0, 1]
    assert len(asked(rig.toy, "status")) == 2


async def test_a_picture_needs_no_words(rig: Rig, x: PolledX) -> None:
    sent = await x.send(directly(rig, "", PHOTO))

    assert said(rig) == [("", (PHOTO.content,))]
    assert sent.external_id in [event.external_id for event in (await read(x))[0]]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (OutgoingFile("surat.pdf", "application/pdf", b"%PDF"), "hanya menerima foto"),
        (replace(PHOTO, content=b""), "kosong"),
        (replace(PHOTO, content=b"x" * (5 * MEGABYTE + 1)), "lebih besar dari 5 MB"),
        (OutgoingFile("a.gif", "image/gif", b"x" * (15 * MEGABYTE + 1)), "lebih besar dari 15 MB"),
        (replace(PHOTO, media_type=""), "hanya menerima foto"),
    ],
)
async def test_what_x_takes_not_never_leaves(rig: Rig, x: PolledX, file: OutgoingFile, words: str) -> None:
    with pytest.raises(Refused, match=words):
        await x.send(directly(rig, "Ini", file))

    assert rig.toy.calls == []


@pytest.mark.parametrize("files", [(PHOTO,) * 5, (PHOTO, FILM), (FILM, FILM)])
async def test_more_than_a_post_holds_is_refused_before_the_network(
    rig: Rig, x: PolledX, files: tuple[OutgoingFile, ...]
) -> None:
    post = rig.toy.citizen("Siti").mentions("lampu mati")

    with pytest.raises(Refused, match="4 foto"):
        await x.send(a_reply(post, files=files))
    with pytest.raises(Refused, match="satu lampiran"):
        await x.send(directly(rig, "", PHOTO, PHOTO))

    assert rig.toy.calls == []


@pytest.mark.parametrize("call", ["initialize", "append", "finalize", "status"])
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("server", TryLater),
        ("reset", TryLater),
        ("flood", TryLater),
        ("bare", TryLater),
        ("unauthorized", AccountBroken),
    ],
)
async def test_trouble_while_uploading_says_nothing_to_anybody_and_is_tried_again(
    rig: Rig, x: PolledX, call: str, kind: str, error: type[Exception]
) -> None:
    outgoing = directly(rig, "Kondisi terkini", FILM)
    rig.toy.fail(kind, only=call, times=3)  # a question that the network cut off is asked once more below us

    with pytest.raises(error):
        await x.send(outgoing)
    assert said(rig) == []

    rig.toy.calm()
    await x.send(outgoing)
    assert said(rig) == [("Kondisi terkini", (FILM.content,))]


async def test_silence_after_the_words_left_is_unsure_all_the_same(rig: Rig, x: PolledX) -> None:
    outgoing = directly(rig, "Ini", PHOTO)
    rig.toy.fail("reset", only="message")

    with pytest.raises(Unsure):
        await x.send(outgoing)


async def test_a_film_that_x_cannot_read_is_refused_in_words(rig: Rig, x: PolledX) -> None:
    rig.toy.spoils_films = True

    with pytest.raises(Refused, match="InvalidMedia"):
        await x.send(directly(rig, "", FILM))


async def test_a_film_that_takes_long_is_left_for_later(rig: Rig, x: PolledX) -> None:
    rig.toy.slow_films, rig.toy.film_pause = 3, 600

    with pytest.raises(TryLater, match="mengolah"):
        await x.send(directly(rig, "", FILM))


async def test_an_unknown_reader_is_found_out_before_anything_is_uploaded(rig: Rig, x: PolledX) -> None:
    outgoing = directly(rig, "", PHOTO)

    with pytest.raises(Refused):
        await x.send(replace(outgoing, address=replace(outgoing.address, conversation="bukan percakapan")))

    assert rig.toy.calls == []
