"""What every answer carries, and which doors a role opens."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Role
from omnichannel.domain.policy import Action
from omnichannel.web import guard, passwords
from tests.web.entering import PASSWORD
from tests.web.front import Front, csrf


async def test_every_page_carries_the_strict_headers(front: Front) -> None:
    client = await front.client()

    page = await client.get("/login")
    missing = await client.get("/tidak/ada")

    for answer in (page, missing):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    "lines",
    [
        b"Cookie: omni_sid=\xff\xfe; omni_pre=\xff; omni_lang=\xff; omni_theme=\xff",
        b"Cookie: omni_sid=" + b"A" * 5000,
        b"Origin: http://[kacau",
        b"HX-Request: true\r\nHX-Current-URL: http://[kacau",
        b"Referer: http://[kacau\xff",
        b"X-CSRF-Token: \xff\xfe",
        b"Sec-Fetch-Site: \xff",
    ],
)
async def test_headers_of_any_bytes_break_nothing(front: Front, lines: bytes) -> None:
    for method, path in ((b"GET", b"/login"), (b"POST", b"/bahasa"), (b"GET", b"/sesi"), (b"POST", b"/login")):
        reader, writer = await asyncio.open_connection(front.server.host, front.server.port)
        form = b"csrf=x&lang=en"
        head = b"%s %s HTTP/1.1\r\nHost: kantor\r\nConnection: close\r\n" % (method, path)
        body = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s" % (len(form), form)
        writer.write(head + lines + b"\r\n" + (body if method == b"POST" else b"\r\n"))

        status = int((await reader.read()).split(b" ", 2)[1])

        assert status < 500, (method, path, lines)
        writer.close()
        await writer.wait_closed()


async def test_pages_travel_packed_and_small_answers_do_not(front: Front) -> None:
    client = await front.client()

    page = await client.get("/login", headers={"Accept-Encoding": "gzip"})
    small = await client.get("/healthz", headers={"Accept-Encoding": "gzip"})

    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert "</html>" in await page.text()
    assert "Content-Encoding" not in small.headers


async def test_nobody_learns_which_versions_we_run(front: Front) -> None:
    client = await front.client()

    answers = [await client.get("/login"), await client.get("/tidak/ada"), await client.get("/healthz")]

    assert {answer.headers["Server"] for answer in answers} == {"omnichannel"}


async def test_a_role_opens_only_its_doors(front: Front) -> None:
    auditor = await front.signed_in(Role.AUDITOR)
    token = await csrf(auditor)
    conversation = await front.incoming()

    answer = await auditor.post(f"/percakapan/{conversation.id}/selesai", data={"csrf": token})

    assert answer.status == 403


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/kotak/semua?cari=a", "/kotak/semua?cari=a"),
        ("https://jahat.example/", "/"),
        ("//jahat.example/", "/"),
        ("/\\jahat.example", "/"),
        ("/a\\..\\b", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("\t//jahat.example", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_the_way_back_is_a_path_of_ours(address: str | None, kept: str) -> None:
    assert guard.local(address) == kept


@given(st.text(max_size=80))
def test_no_text_at_all_leads_away(address: str) -> None:
    kept = guard.local(address)

    assert kept.startswith("/")
    assert not kept.startswith(("//", "/\\"))
    assert not any(ord(sign) < 32 for sign in kept)


def test_a_public_route_asks_for_no_action() -> None:
    async def handler(request):
        raise AssertionError

    with pytest.raises(ValueError, match="public"):
        guard.allow(handler, Action.READ, public=True)


def test_a_password_is_long_enough_and_not_endless() -> None:
    for bad in ("", "pendek", "x" * 5000):
        with pytest.raises(Invalid):
            passwords.hash_password(bad)


async def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    stored = passwords.hash_password("cafe\u0301 di Sangatta")

    assert (await passwords.check("caf\u00e9 di Sangatta", stored)).fits
    assert not (await passwords.check("cafe di Sangatta", stored)).fits


async def test_a_damaged_hash_lets_nobody_in() -> None:
    for stored in ("", "!", "$argon2id$v=19$m=65536,t=3,p=4$kurang", "md5:abc"):
        assert not (await passwords.check(PASSWORD, stored)).fits
