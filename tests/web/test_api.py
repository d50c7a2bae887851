"""What another system of the office may see and do, asked over HTTP with a real token."""

import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from omnichannel.domain.message import Delivery
from omnichannel.domain.people import Role
from omnichannel.domain.tokens import PREFIX
from omnichannel.web import guard, server
from omnichannel.web.api import operations
from omnichannel.web.api.document import openapi
from tests.web.front import Client, Front, a_front, csrf

API = "/api/v1"
NIK = "6408010101900001"


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


async def program(
    front: Front,
    role: Role = Role.SUPERVISOR,
    *,
    unit: str | None = None,
    writes: bool = True,
    unmasked: bool = False,
    days: int | None = None,
) -> tuple[Client, int]:
    """A client that carries a token of somebody with that role, and the token's id."""
    person = await front.staff(f"api-{secrets.token_hex(3)}", role, unit)
    secret, now = PREFIX + secrets.token_urlsafe(32), front.clock.now()
    made = await front.house.store.write(
        lambda work: work.tokens.add(
            name=f"sistem {person.login}",
            hashed=guard.token_hash(secret),
            tail=secret[-4:],
            staff_id=person.id,
            writes=writes,
            unmasked=unmasked,
            made_by="Uji",
            at=now,
            expires_at=now + timedelta(days=days) if days else None,
        )
    )
    client = await front.client()
    client.session.headers["Authorization"] = f"Bearer {secret}"
    return client, made


async def test_without_a_token_nothing_is_told_and_the_way_is_named(front: Front) -> None:
    client = await front.client()

    bare = await client.get(f"{API}/me")
    wrong = await client.get(f"{API}/me", headers={"Authorization": f"Bearer {PREFIX}{'x' * 43}"})
    cookie = await (await front.signed_in(Role.ADMINISTRATOR)).get(f"{API}/conversations")

    assert [bare.status, wrong.status, cookie.status] == [401, 401, 401]
    assert bare.headers["WWW-Authenticate"] == "Bearer"
    assert bare.content_type == "application/problem+json"
    assert "omni_" in (await bare.json())["detail"]


async def test_a_token_ends_when_it_is_ended_runs_out_or_its_officer_leaves(front: Front) -> None:
    ended, number = await program(front)
    short, _ = await program(front, days=1)
    lasting, _ = await program(front)
    me = await (await lasting.get(f"{API}/me")).json()

    await front.house.store.write(lambda work: work.tokens.end(number, front.clock.now()))
    front.clock.go(timedelta(days=1))
    before = [(await client.get(f"{API}/me")).status for client in (ended, short, lasting)]
    person = await front.house.store.read(lambda work: work.people.by_login(me["login"]))
    assert person is not None
    await front.house.store.write(lambda work: work.people.disable(person[0].id, front.clock.now()))

    assert before == [401, 401, 200]
    assert (await lasting.get(f"{API}/me")).status == 401


async def test_a_reply_leaves_once_however_often_it_is_asked_for(front: Front) -> None:
    conversation = await front.incoming("Lampu jalan mati di Teluk Lingga")
    client, _ = await program(front)
    address = f"{API}/conversations/{conversation.id}/replies"

    first = await client.post(address, json={"text": "Kami periksa."}, headers={"Idempotency-Key": "a-1"})
    again = await client.post(address, json={"text": "Kami periksa."}, headers={"Idempotency-Key": "a-1"})
    nameless = await client.post(address, json={"text": "Kami periksa."})
    listed = await (await client.get(f"{API}/conversations/{conversation.id}/messages")).json()

    assert (first.status, again.status, nameless.status) == (202, 202, 422)
    told = await first.json()
    assert told["id"] == (await again.json())["id"]
    assert told["delivery"] == Delivery.QUEUED
    assert [(one["direction"], one["text"]) for one in listed["items"]] == [
        ("out", "Kami periksa."),
        ("in", "Lampu jalan mati di Teluk Lingga"),
    ]
    happened = await (await client.get(f"{API}/events?limit=100")).json()
    assert any("(API sistem" in (one["actor_name"] or "") for one in happened["items"])


async def test_a_reply_may_carry_files(front: Front) -> None:
    conversation = await front.incoming()
    client, _ = await program(front)
    png = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
    form = aiohttp.FormData()
    form.add_field("text", "Denahnya terlampir.")
    form.add_field("files", png, filename="denah.png", content_type="image/png")

    sent = await client.post(
        f"{API}/conversations/{conversation.id}/replies", data=form, headers={"Idempotency-Key": "b-1"}
    )

    told = await sent.json()
    assert sent.status == 202, told
    whole = await (await client.get(f"{API}/messages/{told['id']}")).json()
    assert [one["name"] for one in whole["files"]] == ["denah.png"]
    bytes_ = await client.get(f"{API}/files/{whole['files'][0]['id']}")
    assert await bytes_.read() == png


async def test_a_token_that_only_reads_changes_nothing(front: Front) -> None:
    conversation = await front.incoming()
    client, _ = await program(front, writes=False)

    note = await client.post(
        f"{API}/conversations/{conversation.id}/notes", json={"text": "x"}, headers={"Idempotency-Key": "c-1"}
    )

    assert note.status == 403
    assert (await client.get(f"{API}/conversations/{conversation.id}")).status == 200


async def test_a_program_of_a_unit_sees_that_unit_alone(front: Front) -> None:
    ours = await front.place(await front.incoming("Lampu mati", "t1"), "dishub")
    other = await front.incoming("Air keruh", "t2")
    client, _ = await program(front, Role.UNIT, unit="dishub")

    listed = await (await client.get(f"{API}/conversations")).json()
    contacts = await (await client.get(f"{API}/contacts")).json()
    events = await (await client.get(f"{API}/events")).json()

    assert [one["id"] for one in listed["items"]] == [ours.id]
    assert [one["id"] for one in contacts["items"]] == [ours.contact_id]
    assert {one["conversation_id"] for one in events["items"]} == {ours.id}
    assert (await client.get(f"{API}/conversations/{other.id}")).status == 403
    assert (await client.get(f"{API}/conversations/{other.id}/messages")).status == 403
    assert (await client.get(f"{API}/contacts/{other.contact_id}")).status == 404


async def test_identities_are_masked_unless_the_token_is_given_them(front: Front) -> None:
    conversation = await front.incoming(f"NIK saya {NIK}, telepon 081234567890")
    masked, _ = await program(front)
    whole, _ = await program(front, unmasked=True)
    address = f"{API}/conversations/{conversation.id}/messages"

    veiled, open_ = [await (await client.get(address)).text() for client in (masked, whole)]
    line = await (await masked.get(f"{API}/conversations")).text()

    assert NIK in open_
    assert NIK not in veiled
    assert "081234567890" not in veiled
    assert NIK not in line


async def test_pages_follow_one_another_without_a_gap(front: Front) -> None:
    for number in range(5):
        await front.incoming(f"Pesan {number}", f"t{number}")
    client, _ = await program(front)

    seen, after = [], ""
    while True:
        page = await (await client.get(f"{API}/conversations?limit=2{after}")).json()
        seen += [one["preview"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    people, after = [], ""
    while True:
        page = await (await client.get(f"{API}/contacts?limit=2{after}")).json()
        people += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert sorted(seen) == [f"Pesan {number}" for number in range(5)]
    assert people == sorted(people, reverse=True)
    assert len(people) == 5


async def test_events_are_followed_with_the_number_of_the_last_one(front: Front) -> None:
    await front.incoming("Satu", "t1")
    client, _ = await program(front)

    first = await (await client.get(f"{API}/events")).json()
    nothing = await (await client.get(f"{API}/events?after={first['next']}")).json()
    await front.incoming("Dua", "t2")
    then = await (await client.get(f"{API}/events?after={first['next']}")).json()

    assert nothing == {"items": [], "next": first["next"]}
    assert then["items"]
    assert min(one["id"] for one in then["items"]) > int(first["next"])


async def test_what_does_not_fit_is_named_field_by_field(front: Front) -> None:
    conversation = await front.incoming()
    client, _ = await program(front)
    address, key = f"{API}/conversations/{conversation.id}/replies", {"Idempotency-Key": "d-1"}

    unknown = await client.post(address, json={"text": "x", "teks": "y"}, headers=key)
    empty = await client.post(address, json={"text": "  "}, headers=key)
    broken = await client.post(address, data="{", headers=key | {"Content-Type": "application/json"})
    plain = await client.post(address, data="text=x", headers=key | {"Content-Type": "text/plain"})
    wide = await client.get(f"{API}/conversations?limit=1000")
    twice = await client.get(f"{API}/conversations?limit=1&limit=2")
    large = await client.post(address, json={"text": "x" * 600_000}, headers=key)

    assert [one["field"] for one in (await unknown.json())["errors"]] == ["body.teks"]
    assert [one["field"] for one in (await empty.json())["errors"]] == ["body.text"]
    assert [one["field"] for one in (await wide.json())["errors"]] == ["query.limit"]
    assert [one["field"] for one in (await twice.json())["errors"]] == ["query.limit"]
    assert (broken.status, plain.status, large.status) == (422, 415, 413)


async def test_who_hands_over_what_another_holds_by_now_is_told(front: Front) -> None:
    conversation = await front.incoming()
    client, _ = await program(front)
    rina, budi = await front.staff("rina"), await front.staff("budi")
    address = f"{API}/conversations/{conversation.id}/assignee"

    taken = await client.put(address, json={"staff_id": rina.id, "seen": 0})
    late = await client.put(address, json={"staff_id": budi.id, "seen": 0})
    done = await client.put(f"{API}/conversations/{conversation.id}/state", json={"state": "resolved"})

    assert (await taken.json())["assignee_id"] == rina.id
    assert late.status == 409
    assert "Rina" in (await late.json())["detail"]
    assert (await done.json())["state"] == "resolved"


async def test_the_administrator_makes_a_key_that_is_shown_once(front: Front) -> None:
    admin = await front.signed_in(Role.ADMINISTRATOR)
    hand = await front.staff("dasbor", Role.AUDITOR)
    form = {"nama": "Dasbor", "petugas": str(hand.id), "masa": "90", "csrf": await csrf(admin)}

    made = await (await admin.post("/kelola/token", data=form)).text()
    again = await admin.post("/kelola/token", data=form)
    secret = made[made.index(PREFIX) : made.index(PREFIX) + len(PREFIX) + 43]
    page = await (await admin.get("/kelola/token")).text()
    client = await front.client()
    client.session.headers["Authorization"] = f"Bearer {secret}"
    me = await (await client.get(f"{API}/me")).json()

    assert (me["login"], me["writes"], me["unmasked"]) == ("dasbor", False, False)
    assert again.status == 409
    assert secret not in page
    assert f"…{secret[-4:]}" in page
    number = page[page.index("/kelola/token/") + 14 : page.index("/cabut")]
    ended = await admin.post(f"/kelola/token/{number}/cabut", data={"csrf": await csrf(admin)}, allow_redirects=False)
    assert ended.status == 303
    assert (await client.get(f"{API}/me")).status == 401


async def test_only_who_manages_staff_makes_keys(front: Front) -> None:
    for role in Role:
        client = await front.signed_in(role)
        assert ((await client.get("/kelola/token")).status == 200) is (role is Role.ADMINISTRATOR)


async def test_the_document_tells_every_route_and_nothing_else(front: Front) -> None:
    client = await front.client()

    told = await (await client.get(f"{API}/openapi.json")).json()
    routes = {
        (route.method.lower(), route.resource.canonical)
        for route in server.build(front.house).router.routes()
        if route.resource is not None and route.resource.canonical.startswith(API) and route.method != "HEAD"
    }

    documented = {(method, path) for path, methods in told["paths"].items() for method in methods}
    assert documented == routes - {("get", f"{API}/openapi.json")}
    assert told == openapi(operations())
    assert told["openapi"] == "3.1.0"
