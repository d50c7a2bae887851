"""Rules at work in a whole house: once a cause, in order, undone by an officer, and never in a circle; and the notice of a
closed office."""

from dataclasses import replace
from datetime import datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import Conflict, NotAllowed
from omnichannel.domain.hours import OfficeHours
from omnichannel.domain.house import House
from omnichannel.domain.people import Role
from omnichannel.domain.rules import MOST_AN_HOUR, Act, Conditions, Deed, Hours, Spec, When
from omnichannel.domain.work import MACHINE, Direction, Message, Work
from omnichannel.inbox import rehearsal, rules, triage
from omnichannel.inbox.rehearsal import Rehearsal
from omnichannel.workers import routing
from omnichannel.workers.ruling import Ruler, ground
from tests.house import HandClock
from tests.plug import Plug
from tests.workers.conftest import Build, wrote
from tests.workers.test_pushing import an_officer

WITA = ZoneInfo("Asia/Makassar")
SUNDAY = datetime(2026, 11, 22, 10, tzinfo=WITA)
HOURS = OfficeHours({n: ((time(8), time(16)),) for n in range(5)})


@pytest.fixture
async def house(build: Build) -> House:
    made = build(Plug())
    await Ruler(made).turn()
    return made


async def a_rule(house: House, *acts: Act, when: When = When.MESSAGE, name: str = "Aturan uji", **facts: Any) -> int:
    spec = Spec(name, when, Conditions(**facts), acts)

    def story(work: Work) -> int:
        made = work.rules.add(spec, "Penyelia", house.clock.now())
        work.rules.switch(made, True)
        return made

    return await house.store.write(story)


async def judged(house: House, text: str = "Lampu PJU mati di Teluk Lingga", **facts: Any) -> Message:
    """A citizen's message that went all the way through the machine, and past the rules."""
    (plug,) = [one for one in house.connectors.values() if isinstance(one, Plug)]
    message = await wrote(house, plug, text, **facts)
    await routing.turn(house, "uji:1")
    await ruled(house)
    return message


async def ruled(house: House) -> None:
    ruler = Ruler(house)
    while await ruler.turn():
        pass


async def thread(house: House, message: Message) -> Conversation:
    found = await house.store.read(lambda work: work.conversations.get(message.conversation_id))
    assert found is not None
    return found


async def verbs(house: House, message: Message, *wanted: str) -> list[tuple[str, str | None]]:
    happened = await house.store.read(lambda work: work.screens.history(message.conversation_id))
    return [(one.verb, one.actor_name) for one in reversed(happened) if one.verb in wanted]


async def test_a_rule_acts_once_and_says_so_and_an_officer_undoes_it(house: House) -> None:
    officer = await an_officer(house)
    await a_rule(house, Act(Deed.ASSIGN, str(officer.id)), Act(Deed.URGENT), words=("pju",), name="Lampu")

    message = await judged(house)
    await ruled(house)
    acted = await thread(house, message)
    told = await verbs(house, message, "assigned", "rule_fired")
    (fired,) = await house.store.read(lambda work: work.rules.firings(message.conversation_id))
    now = house.clock.now()
    kept = await house.store.write(lambda work: rules.undo(work, officer, fired.id, now=now))

    assert (acted.assignee_id, acted.urgent) == (officer.id, True)
    assert told == [("assigned", "Aturan “Lampu”"), ("rule_fired", "Aturan “Lampu”")]
    back = await thread(house, message)
    assert (back.assignee_id, back.urgent, list(kept)) == (None, False, [])
    with pytest.raises(Conflict):
        await house.store.write(lambda work: rules.undo(work, officer, fired.id, now=now))


async def test_what_somebody_changed_since_is_left_when_a_rule_is_undone(house: House) -> None:
    officer, other = await an_officer(house), await an_officer(house)
    auditor = await an_officer(house, Role.AUDITOR)
    await a_rule(house, Act(Deed.ASSIGN, str(officer.id)), Act(Deed.URGENT))
    message = await judged(house)
    where, now = message.conversation_id, house.clock.now()
    await house.store.write(lambda work: triage.assign(work, other, where, other.id, now=now))
    (fired,) = await house.store.read(lambda work: work.rules.firings(where))

    with pytest.raises(NotAllowed):
        await house.store.write(lambda work: rules.undo(work, auditor, fired.id, now=now))
    kept = await house.store.write(lambda work: rules.undo(work, other, fired.id, now=now))

    assert list(kept) == ["assignee_id"]
    assert ((await thread(house, message)).assignee_id, (await thread(house, message)).urgent) == (other.id, False)


async def test_what_an_officer_holds_is_never_taken(house: House) -> None:
    holder, other = await an_officer(house), await an_officer(house)
    message = await judged(house)
    where, now = message.conversation_id, house.clock.now()
    await house.store.write(lambda work: triage.assign(work, holder, where, holder.id, now=now))
    lies = (await thread(house, message)).unit
    unit = next(one.key for one in house.organisation if one.key != lies)
    await a_rule(house, Act(Deed.ASSIGN, str(other.id)), Act(Deed.UNIT, unit), Act(Deed.ASIDE), words=("lagi",))
    before = await thread(house, message)

    await judged(house, "Mati lagi", conversation=before.external_id)

    after = await thread(house, message)
    assert (after.assignee_id, after.unit, after.aside) == (holder.id, before.unit, None)
    (fired,) = await house.store.read(lambda work: work.rules.firings(where))
    assert len([one for one in fired.acts if "tidak dilakukan" in one]) == 3


async def test_rules_run_in_their_order_and_what_one_did_is_so_for_the_next(house: House) -> None:
    first, second = await an_officer(house), await an_officer(house)
    one = await a_rule(house, Act(Deed.ASSIGN, str(first.id)), name="Pertama")
    other = await a_rule(house, Act(Deed.ASSIGN, str(second.id)), name="Kedua")
    await house.store.write(lambda work: work.rules.order([other, one]))

    message = await judged(house)

    assert (await thread(house, message)).assignee_id == second.id


async def test_a_new_message_is_a_new_cause_and_an_edit_is_none(house: House) -> None:
    await a_rule(house, Act(Deed.NOTE, "Cek tiang"), words=("pju",))
    message = await judged(house)
    held = await thread(house, message)
    await judged(house, "PJU masih mati", conversation=held.external_id)

    def again(work: Work) -> None:
        work.note(MACHINE, "classified", "message", message.id, at=house.clock.now(), conversation_id=held.id)

    await house.store.write(again)
    await ruled(house)

    notes = [
        one.text
        for one in await house.store.read(lambda work: work.messages.thread(held.id))
        if one.direction is Direction.NOTE
    ]
    assert notes == ["Cek tiang\n(Aturan “Aturan uji”)"] * 2


async def test_a_circle_through_another_machine_stops(house: House) -> None:
    await a_rule(house, Act(Deed.URGENT))
    message = await judged(house)
    held = await thread(house, message)

    for n in range(MOST_AN_HOUR + 5):
        await judged(house, f"Balasan otomatis {n}", conversation=held.external_id)

    fired = await house.store.read(lambda work: work.rules.firings(held.id, 100))
    assert len(fired) == MOST_AN_HOUR
    assert await verbs(house, message, "rule_held")


async def test_what_a_rule_does_sets_off_no_rule(house: House) -> None:
    await a_rule(house, Act(Deed.ASIDE), words=("jual akun",))
    await a_rule(house, Act(Deed.NOTE, "Selesai"), when=When.RESOLVED)

    message = await judged(house, "jual akun murah minat wa")

    held = await thread(house, message)
    assert held.state is ConversationState.RESOLVED
    assert [one.name for one in await house.store.read(lambda work: work.rules.firings(held.id))] in (
        ["Aturan uji"],
        [],
    )


async def test_a_rule_that_names_who_has_left_does_the_rest(house: House) -> None:
    gone = await an_officer(house)
    await house.store.write(lambda work: work.people.disable(gone.id, house.clock.now()))
    await a_rule(
        house, Act(Deed.ASSIGN, str(gone.id)), Act(Deed.NOTIFY, "999999"), Act(Deed.OFFER, "x"), Act(Deed.URGENT)
    )

    message = await judged(house)

    assert (await thread(house, message)).urgent


async def test_a_notice_goes_out_once_and_only_from_the_configuration(house: House) -> None:
    await a_rule(house, Act(Deed.NOTICE, "aturan_lokasi"), words=("pju",))
    await a_rule(house, Act(Deed.NOTICE, "darurat"), words=("pju",))

    message = await judged(house)

    said = await house.store.read(lambda work: work.messages.thread(message.conversation_id))
    ours = [one.text for one in said if one.direction is Direction.OUT]
    assert len([one for one in ours if "nama jalan" in one]) == 1
    assert [one for one in ours if "112" in one] == []


async def test_a_rule_that_is_off_and_a_house_without_rules_do_nothing(house: House) -> None:
    number = await a_rule(house, Act(Deed.URGENT))
    await house.store.write(lambda work: work.rules.switch(number, False))
    before = await house.store.read(lambda work: work.followers.at("rules"))

    message = await judged(house)

    assert not (await thread(house, message)).urgent
    assert await house.store.read(lambda work: work.followers.at("rules")) == before


async def test_a_trial_says_what_a_rule_would_have_done_and_changes_nothing(house: House) -> None:
    officer = await an_officer(house)
    for n in range(5):
        await judged(house, f"Lampu PJU mati {n}", conversation=f"utas-{n}")
    await judged(house, "Jalan rusak")
    last = await house.store.read(lambda work: work.screens.last_happening())
    spec = Spec("Lampu", When.MESSAGE, Conditions(words=("pju",)), (Act(Deed.ASSIGN, str(officer.id)),))
    found, before = Rehearsal(), last + 1

    since = house.clock.now() - rehearsal.SPAN
    while before:
        look = partial(rehearsal.page, ground=ground(house), spec=spec, so_far=found, before=before, since=since)
        before = await house.store.read(look)

    assert (found.fired, len(found.conversations), found.looked, found.whole) == (5, 5, 6, True)
    assert found.hits[0].effects[0].value == officer.name
    assert await house.store.read(lambda work: work.screens.last_happening()) == last


# ---------------------------------------------------------------- a closed office


@pytest.fixture
async def closed(build: Build, clock: HandClock) -> House:
    clock.at = SUNDAY
    made = build(Plug())
    made = replace(made, office=replace(made.office, hours=HOURS))
    await Ruler(made).turn()
    return made


async def ours(house: House, message: Message) -> list[str]:
    said = await house.store.read(lambda work: work.messages.thread(message.conversation_id))
    return [one.text for one in said if one.direction is Direction.OUT and "buka lagi" in one.text]


async def test_outside_its_hours_the_office_says_once_when_it_opens(closed: House, clock: HandClock) -> None:
    message = await judged(closed)
    held = await thread(closed, message)
    await judged(closed, "Halo?", conversation=held.external_id)
    first = await ours(closed, message)
    clock.at = datetime(2026, 11, 23, 17, tzinfo=WITA)
    await judged(closed, "Sudah sore", conversation=held.external_id)

    assert len(first) == 1
    assert "Senin, 23 November pukul 08.00" in first[0]
    second = await ours(closed, message)
    assert len(second) == 2, "another closing, another notice"
    assert "Selasa, 24 November" in second[1]


async def test_within_its_hours_the_office_says_nothing_of_them(closed: House, clock: HandClock) -> None:
    clock.at = datetime(2026, 11, 23, 9, tzinfo=WITA)

    assert await ours(closed, await judged(closed)) == []


async def test_beside_a_word_about_danger_nobody_reads_of_opening_hours(closed: House) -> None:
    message = await judged(
        closed, "TOLONG rumah tetangga kebakaran besar di Teluk Lingga, ada orang terjebak di dalam!"
    )

    said = await closed.store.read(lambda work: work.messages.thread(message.conversation_id))
    assert await ours(closed, message) == []
    assert any("112" in one.text for one in said if one.direction is Direction.OUT)


async def test_a_rule_may_ask_for_the_hour(closed: House) -> None:
    await a_rule(closed, Act(Deed.URGENT), hours=Hours.CLOSED)
    await a_rule(closed, Act(Deed.NOTE, "Siang"), hours=Hours.OPEN)

    message = await judged(closed)

    assert (await thread(closed, message)).urgent
    assert len(await closed.store.read(lambda work: work.rules.firings(message.conversation_id))) == 1
