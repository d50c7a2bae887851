"""A new number, a new user id, a group that became a supergroup: the same citizen keeps one conversation."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from omnichannel.connectors.telegram.updates import events as telegram
from omnichannel.connectors.whatsapp import WhatsAppConnector
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Author, Event, EventType
from omnichannel.domain.people import Contact
from omnichannel.inbox.receive import Intake
from omnichannel.store.database import SqlStore
from omnichannel.toys.whatsapp import WhatsAppToy
from tests.build import ACCOUNT, an_incoming
from tests.connectors.rig import build
from tests.connectors.rigs import whatsapp
from tests.inbox.conftest import history, said, talk
from tests.plug import Plug

OLD, NEW = "628110001", "628119999"


def a_move(old: str = OLD, new: str = NEW, surface: Surface = Surface.DIRECT) -> Event:
    return an_incoming(
        "Berganti nomor.", type=EventType.NOTICE, external_id=f"pindah-{old}", conversation=old, surface=surface,
        author=Author(id=old), extra={"moved_to": new},
    )  # fmt: skip


def words(text: str, who: str, **facts: object) -> Event:
    facts = {"author": Author(id=who), "conversation": who, "external_id": text, **facts}
    return an_incoming(text, **facts)


async def contact(store: SqlStore, who: str) -> Contact | None:
    return await store.read(lambda work: work.contacts.find(ACCOUNT, who))


async def tell(intake: Intake, plug: Plug, events: Sequence[Event]) -> None:
    for event in events:
        received = await intake.take_in(plug, [plug.raw(event)])
        assert received.quarantined == 0


async def test_a_new_number_keeps_the_conversation_and_the_history_says_so(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    await tell(intake, plug, [words("Lampu mati", OLD)])
    before = await talk(store, OLD)

    await tell(intake, plug, [a_move(), words("Ini nomor baru saya", NEW)])

    after = await talk(store, NEW)
    assert (after.id, after.contact_id) == (before.id, before.contact_id)
    assert [message.text for message in await said(store, NEW)] == ["Lampu mati", "Ini nomor baru saya"]
    assert [(one.before, one.after) for one in await history(store, NEW) if one.verb == "moved"] == [(OLD, NEW)]


async def test_the_old_number_is_somebody_elses_later(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    await tell(intake, plug, [words("Lampu mati", OLD), a_move(), words("Saya orang lain", OLD)])

    assert [message.text for message in await said(store, OLD)] == ["Saya orang lain"]
    assert (await talk(store, OLD)).contact_id != (await talk(store, NEW)).contact_id


async def test_what_was_said_under_the_new_id_first_joins_the_old_conversation(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    await tell(intake, plug, [words("satu", OLD), words("dua", NEW)])
    known, newer = await talk(store, OLD), await talk(store, NEW)

    await tell(intake, plug, [a_move(), words("tiga", NEW)])

    after = await talk(store, NEW)
    assert (after.id, after.unread) == (known.id, 3)
    assert [message.text for message in await said(store, NEW)] == ["satu", "dua", "tiga"]
    shell = await store.read(lambda work: work.conversations.get(newer.id))
    assert shell is not None
    assert (shell.unread, shell.state) == (0, "resolved")
    parked = await store.read(lambda work: work.contacts.get(newer.contact_id))
    mine = await contact(store, NEW)
    assert parked is not None
    assert mine is not None
    assert mine.id == known.contact_id
    assert mine.person_id == parked.person_id is not None


async def test_two_that_each_have_an_alarm_stay_and_name_each_other(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    await tell(intake, plug, [words("satu", OLD), words("Kebakaran", NEW)])
    newer = await talk(store, NEW)
    await store.write(lambda work: work.conversations.save(newer, replace(newer, urgent=True)))

    await tell(intake, plug, [a_move()])

    assert [message.text for message in await said(store, OLD)] == ["satu"]
    for thread in (OLD, NEW):
        assert "moved" in [one.verb for one in await history(store, thread)]


async def test_a_citizen_known_by_number_is_the_same_under_a_user_id(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    bsuid = Author(id="ID.1349", phone=f"+{OLD}")
    await tell(intake, plug, [words("Lampu mati", OLD, author=Author(id=OLD, phone=f"+{OLD}"))])
    await tell(intake, plug, [words("Masih mati", "ID.1349", author=bsuid), words("Halo", "ID.1349", author=bsuid)])

    assert [message.text for message in await said(store, "ID.1349")] == ["Lampu mati", "Masih mati", "Halo"]
    assert await contact(store, OLD) is None


@pytest.mark.parametrize("event", [a_move(new=OLD), a_move(new=""), a_move(old="tak-dikenal")])
async def test_a_move_that_leads_nowhere_changes_nothing(store: SqlStore, intake: Intake, event: Event) -> None:
    plug = Plug()
    await tell(intake, plug, [words("Lampu mati", OLD), event])

    assert [message.text for message in await said(store, OLD)] == ["Lampu mati"]


async def test_a_repeated_move_is_one_move(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    await tell(intake, plug, [words("Lampu mati", OLD), a_move(), a_move()])

    assert [one.verb for one in await history(store, NEW)].count("moved") == 1


@pytest.mark.parametrize("told_in", ["old", "new"])
async def test_a_group_that_became_a_supergroup_goes_on(store: SqlStore, intake: Intake, told_in: str) -> None:
    old, new = {"id": -4001, "type": "group", "title": "RT 5"}, {"id": -1004001, "type": "supergroup", "title": "RT 5"}
    siti = {"id": 7, "is_bot": False, "first_name": "Siti"}
    held = {"message_id": 3, "date": 1_790_000_000, "from": siti}
    move = held | (
        {"chat": old, "migrate_to_chat_id": -1004001}
        if told_in == "old"
        else {"chat": new, "migrate_from_chat_id": -4001}
    )
    first = {"message_id": 2, "date": 1_789_999_000, "from": siti, "chat": old, "text": "Lampu mati"}
    last = {"message_id": 9, "date": 1_790_000_900, "from": siti, "chat": new, "text": "Masih mati"}
    updates = [{"update_id": number, "message": one} for number, one in enumerate((first, move, last))]
    plug = Plug()
    for update in updates:
        await tell(intake, plug, telegram(json.dumps(update).encode(), 99))

    found = await said(store, "-1004001", Surface.PUBLIC)
    assert [message.text for message in found] == ["Lampu mati", "Masih mati"]


async def test_the_answer_reaches_the_new_number_on_the_wire(store: SqlStore, intake: Intake) -> None:
    rig = whatsapp.Rig()
    await rig.start()
    office = build(rig.account())
    assert isinstance(office, WhatsAppConnector)
    assert isinstance(rig.toy, WhatsAppToy)
    siti = rig.toy.citizen("Siti")
    siti.writes("Lampu mati")
    siti.changes_number()
    siti.writes("Ini nomor baru")
    for raw in rig.delivered:
        await intake.take_in(office, [raw])

    rows = await store.read(
        lambda work: [one for number in range(1, 5) if (one := work.conversations.get(number)) is not None]
    )

    assert len(rows) == 1
    holder = await store.read(lambda work: work.contacts.get(rows[0].contact_id))
    assert holder is not None
    assert holder.external_id == rows[0].external_id == siti.id
    await office.close()
    await rig.stop()
