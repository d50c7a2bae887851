"""Danger to life: told at once, told again until somebody answers, and nobody's answer counts for what they never read."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.errors import NotFound, Refused
from omnichannel.domain.message import Author, Auto, Sent
from omnichannel.domain.office import AlarmContact
from omnichannel.domain.outbox import urgent_queue
from omnichannel.domain.verdict import Area, Place
from omnichannel.domain.work import Alarm, Message, Work
from omnichannel.inbox import deliver
from omnichannel.router.alarm import acknowledge, tell_desk
from omnichannel.router.desk import Desk
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_staff
from tests.desk import a_desk, a_verdict
from tests.house import HandClock
from tests.router.conftest import Judge, Write, history, notices, talk

PIKET = AlarmContact(account=ACCOUNT, address="Piket-1", name="Piket 112")
KEDUA = AlarmContact(account="tg-lain", address="777", name="Piket kedua")
FIRE = a_verdict(urgent=True, topic="damkar", place=Place(Area("64.08.04", "Sangatta Utara"), None))


@pytest.fixture
def desk() -> Desk:
    return a_desk(alarm_contacts=(PIKET, KEDUA), alarm_repeat_minutes=3, public_url="https://meja.contoh.id")


def channel_of(account: str) -> Channel | None:
    return Channel.WHATSAPP if account == ACCOUNT else None


async def alarms(store: SqlStore) -> list[Alarm]:
    return await store.read(lambda work: work.alarms.open())


async def ring(store: SqlStore, desk: Desk, clock: HandClock) -> int:
    """What the worker does: every alarm that is due to be told."""

    def story(work: Work) -> int:
        jobs = work.jobs.claim("alarm", "uji", clock.now(), timedelta(seconds=30), 20)
        for job in jobs:
            assert work.jobs.done(job)
            tell_desk(work, desk.office, int(job.body["alarm"]), channel_of, clock.now())
        return len(jobs)

    return await store.write(story)


async def delivered(store: SqlStore, clock: HandClock) -> list[Message]:
    """The duty contact's messages leave; returns them."""

    def story(work: Work) -> list[Message]:
        sent = []
        for job in work.jobs.claim(urgent_queue(ACCOUNT), "uji", clock.now(), timedelta(minutes=3), 50):
            assert deliver.begin(work, job, clock.now()) is not None
            message = work.messages.get(int(job.body["message"]))
            assert message is not None
            deliver.sent(work, job, Sent(f"p-{message.id}"), clock.now())
            if message.subject == "Darurat 112":  # the citizen's own notice passes all others, too
                sent.append(message)
        return sent

    return await store.write(story)


async def answered(write: Write, judge: Judge, text: str = "siap", **given: Any) -> Message:
    """The duty contact writes on their own channel."""
    facts = {"author": Author(id="piket-1", name="Piket"), "conversation": "Piket-1"} | given
    message = await write(text, **facts)
    assert await judge(message, a_verdict()) is None
    return message


# ---------------------------------------------------------------- raised


async def test_danger_is_told_to_the_citizen_and_to_the_desk_at_once(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    message = await write("Rumah tetangga terbakar!", author=Author(id="warga-1", name="Ibu Sari"))

    made = await judge(message, FIRE)

    (alarm,) = await alarms(quick_store)
    found = await talk(quick_store)
    assert made is not None, "danger has its case too"
    assert found.urgent
    assert (alarm.message_id, alarm.place, alarm.sender) == (message.id, "Sangatta Utara", "Ibu Sari")
    assert any("112" in text for text in await notices(quick_store, found.id))
    assert await ring(quick_store, desk, clock) == 1
    (told,) = await delivered(quick_store, clock)
    assert "Rumah tetangga terbakar!" in told.text
    assert "Sangatta Utara" in told.text
    assert f"https://meja.contoh.id/kotak/semua/{found.id}" in told.text


async def test_more_words_of_the_same_danger_raise_no_second_alarm_and_reach_the_desk(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    await judge(await write("Kebakaran!"), FIRE)
    await ring(quick_store, desk, clock)
    await delivered(quick_store, clock)

    await judge(await write("Di Jalan Yos Sudarso nomor 12, cepat!"), FIRE)

    assert len(await alarms(quick_store)) == 1
    told_to_citizen = [text for text in await notices(quick_store, (await talk(quick_store)).id) if "112" in text]
    assert len(told_to_citizen) == 1
    clock.advance(timedelta(minutes=3))
    assert await ring(quick_store, desk, clock) == 1
    (second,) = await delivered(quick_store, clock)
    assert "Yos Sudarso" in second.text
    assert "pemberitahuan ke-2" in second.text


async def test_a_long_cry_for_help_still_fits_the_channel(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    await judge(await write("tolong " * 5000), FIRE)
    await ring(quick_store, desk, clock)

    (told,) = await delivered(quick_store, clock)
    assert len(told.text) < 2000
    assert "https://meja.contoh.id" in told.text


async def test_two_dangers_are_two_alarms(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    await judge(await write("Kebakaran", conversation="satu", author=Author(id="satu")), FIRE)
    await judge(await write("Banjir bandang", conversation="dua", author=Author(id="dua")), FIRE)

    assert len(await alarms(quick_store)) == 2
    assert await ring(quick_store, desk, clock) == 2
    assert len(await delivered(quick_store, clock)) == 2


async def test_an_alarm_without_anybody_on_duty_is_on_the_screens_all_the_same(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    nobody = a_desk(alarm_contacts=())
    await judge(await write("Kebakaran"), FIRE, at_desk=nobody)

    assert await ring(quick_store, nobody, clock) == 1
    assert len(await alarms(quick_store)) == 1


# ---------------------------------------------------------------- told again


async def test_the_desk_is_told_again_until_somebody_answers(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    await judge(await write("Kebakaran"), FIRE)
    rounds = []
    for _ in range(5):
        assert await ring(quick_store, desk, clock) == 1
        rounds.extend(await delivered(quick_store, clock))
        assert await ring(quick_store, desk, clock) == 0, "not before its time"
        clock.advance(timedelta(minutes=3))

    staff = await quick_store.write(lambda work: a_staff(work, name="Ani"))
    (alarm,) = await alarms(quick_store)
    await quick_store.write(lambda work: acknowledge(work, staff, alarm.id, now=clock.now()))
    await ring(quick_store, desk, clock)

    assert len(rounds) == 5
    assert await delivered(quick_store, clock) == []
    clock.advance(timedelta(hours=1))
    assert await ring(quick_store, desk, clock) == 0
    assert not (await talk(quick_store)).urgent


async def test_while_the_account_is_broken_the_rounds_do_not_pile_up(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    await judge(await write("Kebakaran"), FIRE)
    for _ in range(20):
        await ring(quick_store, desk, clock)
        clock.advance(timedelta(minutes=3))

    assert len(await delivered(quick_store, clock)) == 1


# ---------------------------------------------------------------- acknowledged


async def test_any_word_of_the_duty_contact_acknowledges_and_is_no_citizens_message(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    await judge(await write("Kebakaran"), FIRE)
    await ring(quick_store, desk, clock)
    await delivered(quick_store, clock)
    clock.advance(timedelta(seconds=20))

    answer = await answered(write, judge)

    assert await alarms(quick_store) == []
    assert not (await talk(quick_store)).urgent
    told = [one for one in await history(quick_store, (await talk(quick_store)).id) if one.verb == "alarm_acknowledged"]
    assert [one.after for one in told] == ["Piket 112"]
    theirs = await quick_store.read(lambda work: work.conversations.get(answer.conversation_id))
    assert theirs is not None
    assert (theirs.unread, theirs.case_id, theirs.kind) == (0, None, None)


async def test_the_duty_contacts_chat_is_never_routed_even_in_quiet_times(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk
) -> None:
    message = await answered(write, judge, "lampu di kantor mati")

    assert await quick_store.read(lambda work: work.cases.of_conversation(message.conversation_id)) == []


async def test_an_alarm_that_has_not_left_yet_is_not_acknowledged_by_an_answer_to_another(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    await judge(await write("Kebakaran", conversation="satu", author=Author(id="satu")), FIRE)
    await ring(quick_store, desk, clock)
    await delivered(quick_store, clock)
    clock.advance(timedelta(seconds=5))
    await judge(await write("Banjir bandang", conversation="dua", author=Author(id="dua")), FIRE)
    await ring(quick_store, desk, clock)

    await answered(write, judge)

    (left,) = await alarms(quick_store)
    assert left.text == "Banjir bandang"


async def test_one_answer_covers_all_that_was_read(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    for name in ("satu", "dua"):
        await judge(await write("Kebakaran", conversation=name, author=Author(id=name)), FIRE)
    await ring(quick_store, desk, clock)
    await delivered(quick_store, clock)

    await answered(write, judge)

    assert await alarms(quick_store) == []


async def test_an_answer_to_one_alarm_leaves_the_other_ringing(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    for name in ("satu", "dua"):
        await judge(await write(f"Kebakaran {name}", conversation=name, author=Author(id=name)), FIRE)
    await ring(quick_store, desk, clock)
    first, _ = await delivered(quick_store, clock)

    await answered(write, judge, reply_to=f"p-{first.id}")

    (left,) = await alarms(quick_store)
    assert left.text == "Kebakaran dua"


async def test_an_automatic_answer_acknowledges_nothing(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    await judge(await write("Kebakaran"), FIRE)
    await ring(quick_store, desk, clock)
    await delivered(quick_store, clock)

    await answered(write, judge, "Saya sedang cuti", auto=Auto.AUTO_REPLY)

    assert len(await alarms(quick_store)) == 1


async def test_a_refused_telling_is_not_taken_for_read(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    await judge(await write("Kebakaran"), FIRE)
    await ring(quick_store, desk, clock)

    def refused(work: Work) -> None:
        _, job = work.jobs.claim(urgent_queue(ACCOUNT), "uji", clock.now(), timedelta(minutes=3), 5)
        deliver.begin(work, job, clock.now())
        deliver.failed(work, job, Refused("diblokir"), clock.now())

    await quick_store.write(refused)

    await answered(write, judge)

    assert len(await alarms(quick_store)) == 1


async def test_two_who_acknowledge_are_told_as_one(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk
) -> None:
    await judge(await write("Kebakaran"), FIRE)
    (alarm,) = await alarms(quick_store)
    ani, budi = await quick_store.write(lambda work: (a_staff(work, name="Ani"), a_staff(work, name="Budi")))

    first = await quick_store.write(lambda work: acknowledge(work, ani, alarm.id, now=NOON))
    second = await quick_store.write(lambda work: acknowledge(work, budi, alarm.id, now=NOON))

    assert (first.acknowledged_by, second.acknowledged_by) == ("Ani", "Ani")
    with pytest.raises(NotFound):
        await quick_store.write(partial(acknowledge, staff=ani, alarm_id=999, now=NOON))


async def test_a_new_danger_after_the_first_was_taken_in_hand_rings_again(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk
) -> None:
    await judge(await write("Kebakaran"), FIRE)
    (alarm,) = await alarms(quick_store)
    staff = await quick_store.write(a_staff)
    await quick_store.write(lambda work: acknowledge(work, staff, alarm.id, now=NOON))

    await judge(await write("Sekarang rumah sebelah ikut terbakar!"), FIRE)

    assert len(await alarms(quick_store)) == 1


async def test_an_edit_of_a_message_whose_danger_is_in_hand_rings_nobody(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk
) -> None:
    message = await write("Kebakaran")
    await judge(message, FIRE)
    (alarm,) = await alarms(quick_store)
    staff = await quick_store.write(a_staff)
    await quick_store.write(lambda work: acknowledge(work, staff, alarm.id, now=NOON))

    await judge(message, a_verdict(p=0.99, urgent=True))

    assert await alarms(quick_store) == []


async def test_danger_told_in_public_names_the_one_who_wrote(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk
) -> None:
    public = {"surface": Surface.PUBLIC, "conversation": "kiriman"}
    await write("ramai ya", author=Author(id="a", name="Orang Pertama"), **public)
    message = await write("Ada kebakaran di pasar!", author=Author(id="b", name="Bapak Kedua"), **public)

    await judge(message, FIRE)

    (alarm,) = await alarms(quick_store)
    assert alarm.sender == "Bapak Kedua"
