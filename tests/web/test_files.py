"""A citizen's attachment is shown, saved or played, and never run."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.message import Attachment
from omnichannel.domain.people import Role
from omnichannel.web.files import disposition, manner_of
from tests.web.front import Front, a_front

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


async def test_a_picture_is_shown_sealed_off(front: Front) -> None:
    client = await front.signed_in()
    file = await front.attach(await front.incoming(), PICTURE, "image/png", "jalan rusak.png")

    answer = await client.get(f"/berkas/{file.id}")

    assert (answer.status, await answer.read()) == (200, PICTURE)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="jalan rusak.png"')
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "media_type",
    [
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/xml",
        "text/javascript",
        "IMAGE/SVG+XML; charset=x",
        "image/png\r\nX-Bad: 1",
        "",
        "audio/",
        "video/x/../html",
        "application/x-msdownload",
    ],
)
async def test_what_could_run_is_only_ever_saved(front: Front, media_type: str) -> None:
    client = await front.signed_in()
    file = await front.attach(await front.incoming(), b"<script>alert(1)</script>", media_type, "halo.html")

    answer = await client.get(f"/berkas/{file.id}")

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "X-Bad" not in answer.headers


async def test_a_unit_officer_sees_the_files_of_their_own_unit_only(front: Front) -> None:
    officer = await front.signed_in(Role.UNIT, "dishub")
    conversation = await front.place(await front.incoming(), "pdam")
    file = await front.attach(conversation, PICTURE, "image/png", "a.png")

    refused = await officer.get(f"/berkas/{file.id}")
    await front.place(conversation, "dishub")
    shown = await officer.get(f"/berkas/{file.id}")

    assert (refused.status, shown.status) == (403, 200)


async def test_without_a_login_there_is_no_file(front: Front) -> None:
    file = await front.attach(await front.incoming(), PICTURE, "image/png", "a.png")

    answer = await (await front.client()).get(f"/berkas/{file.id}", allow_redirects=False)

    assert answer.status == 303


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=100-", 100, 1032), ("bytes=-5", 1027, 1032), ("bytes=1000-99999", 1000, 1032)],
)
async def test_a_player_may_jump_about(front: Front, wanted: str, start: int, end: int) -> None:
    client = await front.signed_in()
    file = await front.attach(await front.incoming(), PICTURE, "video/mp4", "a.mp4")

    answer = await client.get(f"/berkas/{file.id}", headers={"Range": wanted})

    assert (answer.status, await answer.read()) == (206, PICTURE[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(PICTURE)}"


async def test_a_range_beyond_the_end_is_416_and_nonsense_is_ignored(front: Front) -> None:
    client = await front.signed_in()
    file = await front.attach(await front.incoming(), PICTURE, "audio/ogg", "a.ogg")

    beyond = await client.get(f"/berkas/{file.id}", headers={"Range": "bytes=5000-"})
    nonsense = await client.get(f"/berkas/{file.id}", headers={"Range": "bytes=a-b"})

    assert (beyond.status, beyond.headers["Content-Range"]) == (416, f"bytes */{len(PICTURE)}")
    assert (nonsense.status, await nonsense.read()) == (200, PICTURE)


async def test_what_the_browser_has_is_not_sent_again_but_the_right_is_asked_again(front: Front) -> None:
    client = await front.signed_in()
    file = await front.attach(await front.incoming(), PICTURE, "image/png", "a.png")
    first = await client.get(f"/berkas/{file.id}")

    again = await client.get(f"/berkas/{file.id}", headers={"If-None-Match": first.headers["ETag"]})
    stranger = await (await front.client()).get(
        f"/berkas/{file.id}", headers={"If-None-Match": first.headers["ETag"]}, allow_redirects=False
    )

    assert (again.status, stranger.status) == (304, 303)


async def test_a_file_still_at_the_platform_or_lost_says_so(front: Front) -> None:
    client = await front.signed_in()
    conversation = await front.incoming()

    def story(work):
        message = work.messages.thread(conversation.id)[-1]
        waiting, lost = work.messages.add_files(
            message.id, [Attachment("image/png", id="x1"), Attachment("image/png", id="x2")]
        )
        work.messages.file_lost(lost.id, "410")
        return waiting.id, lost.id

    waiting, lost = await front.house.store.write(story)

    answers = [await client.get(f"/berkas/{id}") for id in (waiting, lost, 999_999)]

    assert [answer.status for answer in answers] == [404, 404, 404]
    assert "masih diambil" in await answers[0].text()
    assert "sudah hilang" in await answers[1].text()


@given(st.text(max_size=300))
def test_no_name_breaks_the_header_or_fools_the_reader(name: str) -> None:
    header = disposition(name, inline=True)

    assert header.isascii()
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
    shown = unquote(header.split("UTF-8''")[1])
    assert shown
    assert not any(sign in shown for sign in '/\\"\x00\u202e')


@given(st.text(max_size=60))
def test_nothing_is_shown_inline_but_what_cannot_run(media_type: str) -> None:
    manner = manner_of(media_type)

    if manner.inline:
        assert (
            manner.media_type.partition("/")[0] in ("image", "audio", "video") or manner.media_type == "application/pdf"
        )
        assert "svg" not in manner.media_type
    assert "'none'" in manner.policy
