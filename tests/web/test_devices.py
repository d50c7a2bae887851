"""Signing a device up, choosing, trying, letting go; and the desk as an app."""

import json
import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from omnichannel.connectors.webpush import WebPusher
from omnichannel.connectors.webpush.vapid import kept_in
from omnichannel.domain.people import Role
from omnichannel.domain.pushing import MOST_DEVICES, Device
from omnichannel.toys.push import PushToy
from omnichannel.web.keys import HOUSE
from tests.web.front import Client, Front, a_front, csrf


@pytest.fixture
async def toy() -> AsyncIterator[PushToy]:
    toy = PushToy()
    await toy.start()
    yield toy
    await toy.stop()


@pytest.fixture
async def front(tmp_path: Path, toy: PushToy) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        pusher = WebPusher(lambda: kept_in(tmp_path), contact="mailto:uji@example.id", services=[toy.address])
        front.house = replace(front.house, pusher=pusher)
        front.server.app._state[HOUSE] = front.house
        yield front
        await pusher.close()


async def signs_up(client: Client, toy: PushToy, old: str = "", endpoint: str = "") -> tuple[int, str]:
    browser = toy.browser()
    form = {"csrf": await csrf(client), "endpoint": endpoint or browser.endpoint, "p256dh": browser.p256dh}
    answer = await client.post("/saya/perangkat", data=form | {"auth": browser.secret, "lama": old})
    return answer.status, browser.endpoint


async def devices(front: Front) -> list[Device]:
    people = await front.house.store.read(lambda work: work.people.all())
    return await front.house.store.read(lambda work: [one for who in people for one in work.devices.of(who.id)])


async def test_a_device_keeps_its_choices_when_its_address_changes(front: Front, toy: PushToy) -> None:
    client = await front.signed_in()
    _, first = await signs_up(client, toy)
    (device,) = await devices(front)
    form = {"csrf": await csrf(client), "darurat": "1", "mulai": "21:00", "sampai": "06.00", "tetap": "1"}
    saved = await client.post(f"/saya/perangkat/{device.id}", data=form)

    status, second = await signs_up(client, toy, old=first)

    (held,) = await devices(front)
    assert (saved.status, status, held.endpoint) == (200, 200, second)
    assert held.choice.urgent
    assert not held.choice.mine
    assert str(held.choice.quiet_until) == "06:00:00"


async def test_a_browser_that_changes_hands_tells_its_new_owner_only(front: Front, toy: PushToy) -> None:
    one, other = await front.signed_in(), await front.signed_in()
    _, endpoint = await signs_up(one, toy)

    await signs_up(other, toy, endpoint=endpoint)

    (device,) = await devices(front)
    me = (await (await other.get("/sesi")).json())["staff"]
    assert device.staff_id == me


async def test_nobody_touches_the_device_of_another(front: Front, toy: PushToy) -> None:
    owner, stranger = await front.signed_in(), await front.signed_in(Role.ADMINISTRATOR)
    await signs_up(owner, toy)
    (device,) = await devices(front)

    for deed in ("", "/hapus", "/uji"):
        answer = await stranger.post(f"/saya/perangkat/{device.id}{deed}", data={"csrf": await csrf(stranger)})
        assert answer.status == 404

    assert await devices(front) == [device]


@pytest.mark.parametrize(
    ("endpoint", "p256dh", "auth"),
    [
        ("https://jahat.example/p", "B" * 87, "A" * 22),
        ("http://127.0.0.1:1/p", "B" * 87, "A" * 22),
        ("", "", ""),
        ("TOY", "<script>", "A" * 22),
        ("TOY", "B" * 87, "\x00"),
        ("TOY", "B" * 5000, "A" * 22),
    ],
)
async def test_what_no_browser_sends_is_refused_in_words(
    front: Front, toy: PushToy, endpoint: str, p256dh: str, auth: str
) -> None:
    client = await front.signed_in()
    form = {"csrf": await csrf(client), "endpoint": endpoint.replace("TOY", f"{toy.address}/p/x"), "p256dh": p256dh}

    answer = await client.post("/saya/perangkat", data=form | {"auth": auth})

    assert answer.status in (400, 422)
    assert await devices(front) == []


async def test_half_a_quiet_hour_is_none(front: Front, toy: PushToy) -> None:
    client = await front.signed_in()
    await signs_up(client, toy)
    (device,) = await devices(front)

    for form in ({"mulai": "21:00"}, {"mulai": "25:00", "sampai": "06:00"}, {"mulai": "x", "sampai": "y"}):
        answer = await client.post(f"/saya/perangkat/{device.id}", data={"csrf": await csrf(client)} | form)
        assert answer.status in (400, 422), form

    assert (await devices(front))[0].choice == device.choice


async def test_forgotten_devices_make_room(front: Front, toy: PushToy) -> None:
    client = await front.signed_in()
    ends = [(await signs_up(client, toy))[1] for _ in range(MOST_DEVICES + 2)]

    assert [one.endpoint for one in await devices(front)] == ends[2:]


async def test_the_trial_puts_one_push_and_letting_go_ends_it(front: Front, toy: PushToy) -> None:
    client = await front.signed_in()
    await signs_up(client, toy)
    (device,) = await devices(front)
    form = {"csrf": await csrf(client)}

    for _ in range(2):
        await client.post(f"/saya/perangkat/{device.id}/uji", data=form)
    depths = await front.house.store.read(lambda work: work.jobs.depths())
    await client.post(f"/saya/perangkat/{device.id}/hapus", data=form)

    assert depths == {"push": (1, 0)}
    assert await devices(front) == []


async def test_without_a_mail_account_the_letter_says_why_it_is_off(front: Front) -> None:
    client = await front.signed_in()

    page = await (await client.get("/saya/perangkat")).text()
    form = {"csrf": await csrf(client), "mau": "1", "alamat": "a@kantor.example.id", "jam": "7"}
    answer = await client.post("/saya/surat", data=form)

    assert "belum punya akun surel" in page
    assert answer.status in (400, 422)


async def test_the_manifest_and_its_icons_bear_the_region(front: Front) -> None:
    client = await front.client()

    manifest = await client.get("/aplikasi.webmanifest")
    facts = json.loads(await manifest.text())
    icons = [await (await client.get(one["src"])).read() for one in facts["icons"]]

    assert manifest.content_type == "application/manifest+json"
    assert facts["name"] == "Kabupaten Uji · Kotak masuk warga"
    assert (facts["display"], facts["scope"], facts["id"]) == ("standalone", "/", "/")
    assert {one["purpose"] for one in facts["icons"]} == {"any", "maskable"}
    colour = bytes.fromhex(facts["theme_color"][1:])
    for icon, one in zip(icons, facts["icons"], strict=True):
        width, height = struct.unpack("!II", icon[16:24])
        at = icon.index(b"PLTE")
        (length,) = struct.unpack("!I", icon[at - 4 : at])
        assert f"{width}x{height}" == one["sizes"]
        assert icon[at + 4 : at + 7] == colour
        chunk = icon[at : at + 4 + length]
        assert icon[at + 4 + length : at + 8 + length] == struct.pack("!I", zlib.crc32(chunk))


async def test_the_worker_knows_this_version_and_is_asked_for_anew(front: Front) -> None:
    client = await front.client()

    answer = await client.get("/pekerja.js")
    body = await answer.text()
    facts = json.loads(body.partition("const OURS = ")[2].partition(";\n")[0])

    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.content_type == "text/javascript"
    assert len(facts["version"]) > 12
    for file in [*facts["files"], facts["offline"]]:
        assert (await client.get(file)).status == 200, file


async def test_the_offline_page_knows_nobody(front: Front) -> None:
    client = await front.signed_in(login="rahmat")

    page = await (await client.get("/luring")).text()

    assert "Tidak ada sambungan" in page
    assert "rahmat" not in page.lower()
    assert "csrf" not in page
