"""Who comes in, how long, and what a foreign page cannot make them do."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from omnichannel.web import guard, passwords
from omnichannel.web.login import TRIES, TRIES_WITHIN
from tests.web.entering import PASSWORD
from tests.web.front import Client, Front, a_front, csrf

HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)  # quick, and weaker than ours


async def form_token(client: Client) -> str:
    page = await (await client.get("/login")).text()
    found = re.search(r'name="csrf"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


async def enter(client: Client, login: str, password: str, next: str = "/"):
    form = {"login": login, "password": password, "next": next, "csrf": await form_token(client)}
    return await client.post("/login", data=form, allow_redirects=False)


async def test_the_right_password_opens_a_session_that_the_database_knows_by_its_hash_only(front: Front) -> None:
    await front.staff("petugas", password=HASH)
    client = await front.client()

    answer = await enter(client, "Petugas ", PASSWORD)

    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.cookies[guard.SESSION_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    held = await front.house.store.read(lambda work: work.people.session(guard.token_hash(cookie.value)))
    assert held is not None
    assert held.staff.login == "petugas"
    assert await front.house.store.read(lambda work: work.people.session(cookie.value)) is None


@pytest.mark.usefixtures("dear_passwords")
async def test_a_weaker_hash_is_made_anew_at_login(front: Front) -> None:
    await front.staff("petugas", password=HASH)
    client = await front.client()

    await enter(client, "petugas", PASSWORD)

    found = await front.house.store.read(lambda work: work.people.by_login("petugas"))
    assert found is not None
    assert found[1] != HASH
    assert extract_parameters(found[1]) == RFC_9106_LOW_MEMORY
    assert (await passwords.check(PASSWORD, found[1])).fits


@pytest.mark.parametrize("login", ["petugas", "tidak-ada", "", "\x00", "a" * 500, "' or 1=1 --"])
async def test_a_wrong_login_and_a_wrong_password_look_alike(front: Front, login: str) -> None:
    await front.staff("petugas", password=HASH)
    client = await front.client()

    answer = await enter(client, login, "salah")

    assert answer.status == 401
    assert guard.SESSION_COOKIE not in answer.cookies


async def test_after_too_many_failures_even_the_right_password_waits(front: Front) -> None:
    await front.staff("petugas", password=HASH)
    client = await front.client()
    for _ in range(TRIES):
        await enter(client, "petugas", "salah")

    throttled = await enter(client, "PETUGAS", PASSWORD)
    front.clock.go(TRIES_WITHIN + timedelta(seconds=1))
    later = await enter(client, "petugas", PASSWORD)

    assert throttled.status == 429
    assert int(throttled.headers["Retry-After"]) == TRIES_WITHIN.total_seconds()
    assert later.status == 303


async def test_guesses_sent_at_once_do_not_all_pass_before_the_first_is_counted(front: Front) -> None:
    await front.staff("petugas", password=HASH)
    client = await front.client()
    token = await form_token(client)
    form = {"login": "petugas", "password": "salah", "csrf": token}

    answers = await asyncio.gather(*(client.post("/login", data=form) for _ in range(TRIES * 3)))

    assert sorted(answer.status for answer in answers) == [401] * (TRIES - 1) + [429] * (TRIES * 2 + 1)


async def test_a_disabled_login_stays_outside_and_falls_out(front: Front) -> None:
    person = await front.staff("petugas", password=HASH)
    client = await front.client()
    await enter(client, "petugas", PASSWORD)

    await front.house.store.write(lambda work: work.people.disable(person.id, front.clock.now()))

    assert (await client.get("/sesi", headers={"HX-Request": "true"})).status == 401
    assert (await enter(client, "petugas", PASSWORD)).status == 401


async def test_a_login_form_made_elsewhere_opens_nothing(front: Front) -> None:
    await front.staff("petugas", password=HASH)
    client = await front.client()
    form = {"login": "petugas", "password": PASSWORD}

    bare = await client.post("/login", data=form)
    guessed = await client.post("/login", data=form | {"csrf": "AAAA"})
    token = await form_token(client)
    other = await (await front.client()).post("/login", data=form | {"csrf": token})

    assert [bare.status, guessed.status, other.status] == [403, 403, 403]


async def test_a_session_planted_before_the_login_is_worth_nothing_after_it(front: Front) -> None:
    person = await front.staff("petugas", password=HASH)
    planted = await front.session(person)
    client = await front.client()
    token = await form_token(client)
    client.session.cookie_jar.update_cookies({guard.SESSION_COOKIE: planted}, front.server.make_url("/"))
    fresh = await csrf(client)

    answer = await client.post(
        "/login", data={"login": "petugas", "password": PASSWORD, "csrf": fresh}, allow_redirects=False
    )

    assert token != fresh
    assert answer.status == 303
    assert answer.cookies[guard.SESSION_COOKIE].value != planted
    assert await front.house.store.read(lambda work: work.people.session(guard.token_hash(planted))) is None


async def test_a_session_slides_while_it_is_used_and_ends_when_it_is_not(front: Front) -> None:
    client = await front.signed_in()
    half = timedelta(hours=front.house.office.session_hours / 2)

    for _ in range(4):
        front.clock.go(half)
        assert (await client.get("/sesi", allow_redirects=False)).status == 200
    front.clock.go(half * 2 + timedelta(seconds=1))
    late = await client.get("/sesi", allow_redirects=False)

    assert late.status == 303
    assert late.headers["Location"] == "/login?next=/sesi"


async def test_a_forgotten_screen_does_not_keep_itself_logged_in(front: Front) -> None:
    client = await front.signed_in()

    seen = []
    for _ in range(3):
        front.clock.go(timedelta(hours=5))
        seen.append((await client.get("/live/gap?after=0")).status)

    assert seen == [200, 200, 401]


async def test_logging_out_ends_the_session_on_the_server(front: Front) -> None:
    client = await front.signed_in()
    token = client.session.cookie_jar.filter_cookies(front.server.make_url("/"))[guard.SESSION_COOKIE].value

    answer = await client.post("/logout", data={"csrf": await csrf(client)}, allow_redirects=False)

    assert answer.headers["Location"] == "/login"
    client.session.cookie_jar.update_cookies({guard.SESSION_COOKIE: token}, front.server.make_url("/"))
    assert (await client.get("/sesi", allow_redirects=False)).status == 303


async def test_a_form_needs_the_token_of_its_own_session(front: Front) -> None:
    mine, other = await front.signed_in(), await front.signed_in()
    foreign = await csrf(other)

    without = await mine.post("/bahasa", data={"lang": "en"})
    wrong = await mine.post("/bahasa", data={"lang": "en", "csrf": foreign})
    in_the_address = await mine.post("/bahasa", params={"csrf": await csrf(mine)}, data={"lang": "en"})
    right = await mine.post("/bahasa", data={"lang": "en", "csrf": await csrf(mine)}, allow_redirects=False)
    by_header = await mine.post(
        "/bahasa", data={"lang": "id"}, headers={"X-CSRF-Token": await csrf(mine)}, allow_redirects=False
    )

    assert [without.status, wrong.status, in_the_address.status] == [403, 403, 403]
    assert [right.status, by_header.status] == [303, 303]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://jahat.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.jahat.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_even_with_a_token_another_site_posts_nothing(front: Front, headers: dict[str, str]) -> None:
    client = await front.signed_in()

    answer = await client.post("/bahasa", data={"lang": "en", "csrf": await csrf(client)}, headers=headers)

    assert answer.status == 403


async def test_our_own_page_posts_with_its_origin(front: Front) -> None:
    client = await front.signed_in()
    headers = {"Origin": str(front.server.make_url("")).rstrip("/"), "Sec-Fetch-Site": "same-origin"}

    answer = await client.post(
        "/bahasa", data={"lang": "en", "csrf": await csrf(client)}, headers=headers, allow_redirects=False
    )

    assert answer.status == 303


async def test_behind_a_proxy_the_published_address_is_ours_and_cookies_are_secure(tmp_path: Path) -> None:
    async with a_front(tmp_path, public_url="https://lapor.contoh.go.id/") as front:
        client = await front.client()
        headers = {"Origin": "https://lapor.contoh.go.id", "Sec-Fetch-Site": "same-origin"}

        page = await client.get("/login")

        assert page.cookies[guard.BEFORE_COOKIE]["secure"]
        assert page.headers["Strict-Transport-Security"].startswith("max-age=")
        found = re.search(r'name="csrf"[^>]*value="([^"]+)"', await page.text())
        assert found
        cookie = {"Cookie": f"{guard.BEFORE_COOKIE}={page.cookies[guard.BEFORE_COOKIE].value}"}
        answer = await client.post(
            "/tema", data={"theme": "dark", "csrf": found[1]}, headers=headers | cookie, allow_redirects=False
        )
        assert answer.status == 303


async def test_a_token_on_a_page_never_repeats_itself(front: Front) -> None:
    client = await front.signed_in()

    assert await csrf(client) != await csrf(client)


async def test_htmx_is_told_the_way_in_and_the_way_back_to_its_page(front: Front) -> None:
    client = await front.client()
    page = str(front.server.make_url("/kotak/semua?cari=lampu"))

    answer = await client.get("/live/gap?after=0", headers={"HX-Request": "true", "HX-Current-URL": page})

    assert answer.status == 401
    assert answer.headers["HX-Redirect"] == answer.headers["X-Login"] == "/login?next=/kotak/semua%3Fcari%3Dlampu"


async def test_a_long_answer_is_shown_again_when_the_session_ended_meanwhile(front: Front) -> None:
    client = await front.client()

    answer = await client.post("/percakapan/7/selesai", data={"text": "Terima kasih, kami <b>periksa</b> hari ini."})

    assert answer.status == 401
    assert "Terima kasih, kami &lt;b&gt;periksa&lt;/b&gt; hari ini." in await answer.text()


async def test_a_stranger_cannot_make_us_read_a_large_body(front: Front) -> None:
    client = await front.client()

    large = await client.post(
        "/login",
        data=b"a=" + b"x" * (guard.STRANGER_LIMIT + 1),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert large.status == 413


@pytest.mark.parametrize("body", [b"%ff%fe=%00", b"csrf=%", b"=&=&=", "csrf=ü".encode("latin-1")])
async def test_a_broken_form_is_refused_and_breaks_nothing(front: Front, body: bytes) -> None:
    client = await front.signed_in()

    answer = await client.post("/bahasa", data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert answer.status in (403, 422)


async def test_a_multipart_form_that_lies_about_its_letters_is_refused(front: Front) -> None:
    client = await front.signed_in()
    body = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nabc\r\n--x--\r\n'

    answer = await client.post("/bahasa", data=body, headers={"Content-Type": "multipart/form-data; boundary=x"})

    assert answer.status in (403, 422)
