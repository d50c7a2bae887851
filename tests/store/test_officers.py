"""Devices, letters, readers of the events table, rules and rosters, on both databases."""

from datetime import date, datetime, time

from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.message import Author
from omnichannel.domain.pushing import Choice, Digest
from omnichannel.domain.records import MACHINE
from omnichannel.domain.rules import Act, Conditions, Deed, Spec, When
from omnichannel.domain.turns import Turn
from omnichannel.domain.work import Work
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_staff

SPEC = Spec("Lampu", When.MESSAGE, Conditions(words=("pju",), known=False), (Act(Deed.NOTE, "“Cek” \U0001f4a1"),))


async def test_a_device_is_its_endpoint_however_long_that_is(store: SqlStore) -> None:
    long = "https://fcm.googleapis.com/" + "x" * 1900

    def story(work: Work) -> tuple[int, int, list[str]]:
        one, other = a_staff(work), a_staff(work)
        quiet = Choice(mine=False, quiet_from=time(21, 30), quiet_until=time(6))
        facts = {"endpoint": long, "p256dh": "p", "auth": "a", "name": "Ponsel", "at": NOON}
        first = work.devices.add(staff_id=one.id, choice=quiet, **facts)  # type: ignore[arg-type]
        again = work.devices.add(staff_id=other.id, choice=Choice(), **facts)  # type: ignore[arg-type]
        work.devices.told(again.id, NOON, "ditolak")
        assert work.devices.of(one.id) == []
        assert first.choice == quiet
        return first.id, again.id, [held.endpoint for held in work.devices.of(other.id)]

    first, again, held = await store.write(story)

    assert (first, held) == (again, [long])


async def test_a_reader_of_the_events_moves_once(store: SqlStore) -> None:
    def story(work: Work) -> list[bool]:
        moves = [(None, 5), (None, 6), (5, 9), (5, 10), (9, 10)]
        return [work.followers.move("uji", before, after) for before, after in moves]

    assert await store.write(story) == [True, False, True, False, True]
    assert await store.read(lambda work: (work.followers.at("uji"), work.followers.at("lain"))) == (10, None)


async def test_a_letter_is_wanted_changed_and_stopped(store: SqlStore) -> None:
    def story(work: Work) -> list[Digest]:
        staff = a_staff(work)
        work.digests.want(Digest(staff_id=staff.id, address="a@b.id", hour=7))
        work.digests.want(Digest(staff_id=staff.id, address="c@d.id", hour=8, last=date(2026, 11, 23)))
        kept = list(work.digests.all())
        work.digests.stop(staff.id)
        assert work.digests.of(staff.id) is None
        return kept

    (kept,) = await store.write(story)
    assert (kept.address, kept.hour, kept.last) == ("c@d.id", 8, date(2026, 11, 23))


async def test_rules_keep_their_order_their_versions_and_what_they_did(store: SqlStore) -> None:
    def story(work: Work) -> None:
        one, other = work.rules.add(SPEC, "M", NOON), work.rules.add(SPEC, "M", NOON)
        work.rules.order([other, one])
        assert [held.id for held in work.rules.all()] == [other, one]
        assert [held.on for held in work.rules.all()] == [False, False]
        assert work.rules.change(one, Spec("Baru", When.NEAR, Conditions(), SPEC.acts), "N", NOON) == 2
        assert [(number, spec.name) for number, spec, _, _ in work.rules.versions(one)] == [(2, "Baru"), (1, "Lampu")]
        work.rules.remove(other, NOON)
        (rule,) = work.rules.all()
        contact = work.contacts.meet("uji", Channel.SANDBOX, Author(id="w"), NOON)
        where = work.conversations.add(
            account="uji",
            channel=Channel.SANDBOX,
            surface=Surface.DIRECT,
            external_id="t",
            contact_id=contact.id,
            at=NOON,
        ).id
        fired = work.rules.fire(rule, where, "pesan:1", NOON)
        assert fired is not None
        assert work.rules.fire(rule, where, "pesan:1", NOON) is None
        work.rules.did(fired, {"unit": (None, "dishub"), "urgent": (False, True)}, ["mendesak|"])
        held = work.rules.firing(fired)
        assert held is not None
        assert (held.changes, held.name, held.acts) == (
            {"unit": (None, "dishub"), "urgent": (False, True)},
            "Baru",
            ("mendesak|",),
        )
        assert work.rules.fired_since(where, datetime.min.replace(tzinfo=NOON.tzinfo, year=1971)) == 1
        assert [work.rules.undone(fired, "N", NOON), work.rules.undone(fired, "N", NOON)] == [True, False]

    await store.write(story)


async def test_the_past_is_walked_page_by_page_and_ends(store: SqlStore) -> None:
    def story(work: Work) -> tuple[int, int]:
        contact = work.contacts.meet("uji", Channel.SANDBOX, Author(id="w"), NOON)
        facts = {"channel": Channel.SANDBOX, "surface": Surface.DIRECT, "external_id": "t", "contact_id": contact.id}
        where = work.conversations.add(account="uji", at=NOON, **facts).id  # type: ignore[arg-type]
        for n in range(25):
            work.note(MACHINE, "classified" if n % 5 == 0 else "read", "message", n, at=NOON, conversation_id=where)
        found, before, pages = 0, work.screens.last_happening() + 1, 0
        while before:
            page, before = work.rules.happened_before(before, ["classified"], NOON, 7)
            found, pages = found + len(page), pages + 1
        return found, pages

    found, pages = await store.write(story)
    assert found == 5
    assert pages <= 5


async def test_a_roster_comes_back_as_it_was_and_loads_are_counted(store: SqlStore) -> None:
    def story(work: Work) -> None:
        staff = a_staff(work)
        turn = Turn(
            staff_id=staff.id,
            on=True,
            days={6: ((time(21), time.max),), 0: ((time.min, time(6)),)},
            most=3,
            topics=("pju",),
            channels=("mail",),
            languages=("en",),
        )
        work.turns.keep(turn)
        assert work.turns.all() == [turn]
        work.turns.dealt(staff.id, NOON)
        work.turns.keep(turn)
        assert work.turns.all()[0].last_at == NOON, "a new roster forgets nobody's place in the line"
        work.turns.switch("dealing", True, "M", NOON)
        work.turns.switch("dealing", False, "M", NOON)
        assert not work.turns.switched("dealing")
        assert (work.turns.loads(), work.turns.waiting(5)) == ({}, [])

    await store.write(story)
