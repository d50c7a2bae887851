"""What came in is judged in order and soon; what the machine cannot read lies open for a person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from omnichannel.domain.case import CaseState, Kind, Queue
from omnichannel.domain.errors import Conflict, StoreAway
from omnichannel.domain.house import House
from omnichannel.domain.message import Author
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Work
from omnichannel.workers import routing
from omnichannel.workers.loop import let_go
from tests.desk import a_classifier, a_verdict
from tests.house import HandClock
from tests.plug import Plug
from tests.workers.conftest import Build, Gate, wrote


class Judge:
    """Says the same of everything, but breaks on some words."""

    def __init__(self, kind: Kind = Kind.COMPLAINT, breaks_on: str = "") -> None:
        self.kind, self.breaks_on = kind, breaks_on
        self.heard: list[tuple[str, str | None]] = []

    def classify(self, text: str, *, channel: str | None = None) -> Verdict:
        self.heard.append((text, channel))
        if self.breaks_on and self.breaks_on in text:
            raise ZeroDivisionError("cacat")
        return a_verdict(self.kind)


async def emptied(house: House) -> None:
    while await routing.turn(house, "satu"):
        pass


async def depths(house: House) -> dict[str, tuple[int, int]]:
    return await house.store.read(lambda work: work.jobs.depths())


async def test_a_burst_is_routed_with_each_citizens_first_word_making_the_case(build: Build) -> None:
    plug, judge = Plug(), Judge()
    house = build(plug, classifier=judge)
    for citizen in range(40):
        for number in range(3):
            who = f"warga-{citizen}"
            await wrote(house, plug, f"{who} kata {number}", conversation=who, author=Author(id=who))

    await emptied(house)

    cases = await house.store.read(lambda work: work.cases.in_state(Queue.LAPOR, [CaseState.OPEN], 500))
    assert len(cases) == 40
    assert all(one.title.endswith("kata 0") for one in cases)
    assert "route" not in await depths(house)


async def test_the_real_classifier_is_asked_with_subject_and_channel(build: Build) -> None:
    plug, judge = Plug(), Judge()
    house = build(plug, classifier=judge)
    await wrote(house, plug, "Lampu mati", subject="Keluhan")

    await emptied(house)

    assert judge.heard == [("Keluhan\nLampu mati", "whatsapp")]


async def test_a_subject_said_again_is_not_judged_again(build: Build) -> None:
    """A word of thanks under "Re: Kebakaran di pasar" once rang the alarm a second time."""
    plug, judge = Plug(), Judge()
    house = build(plug, classifier=judge)
    for text, subject in [
        ("Api besar", "Kebakaran di pasar"),
        ("Terima kasih", "RE: Bls: kebakaran di pasar"),
        ("Satu lagi", "Re: Jalan rusak"),
    ]:
        await wrote(house, plug, text, subject=subject)
        await emptied(house)

    assert [words for words, _ in judge.heard] == [
        "Kebakaran di pasar\nApi besar",
        "Terima kasih",
        "Re: Jalan rusak\nSatu lagi",
    ]


async def test_the_carried_classifier_routes_a_plain_complaint(build: Build) -> None:
    plug = Plug()
    house = build(plug, classifier=a_classifier())
    message = await wrote(house, plug, "Lampu jalan di depan rumah saya mati sudah tiga minggu, tolong diperbaiki")

    await emptied(house)

    (made,) = await house.store.read(lambda work: work.cases.of_conversation(message.conversation_id))
    assert made.kind is Kind.COMPLAINT


async def test_one_message_that_breaks_the_machine_stops_no_other_and_lies_open(build: Build, clock: HandClock) -> None:
    plug, judge = Plug(), Judge(breaks_on="racun")
    house = build(plug, classifier=judge)
    poison = await wrote(house, plug, "racun", conversation="a", author=Author(id="a"))
    healthy = await wrote(house, plug, "sehat", conversation="b", author=Author(id="b"))
    for _ in range(routing.ATTEMPTS + 2):
        await emptied(house)
        clock.advance(timedelta(minutes=2))

    talks = await house.store.read(
        lambda work: [work.conversations.get(one.conversation_id) for one in (poison, healthy)]
    )
    assert [one.needs_person for one in talks if one] == [True, False]
    assert await house.store.read(lambda work: work.cases.of_conversation(healthy.conversation_id))
    assert (await depths(house))["route"] == (0, 1), "dead, where the administrator sees it"
    assert len([one for one in judge.heard if one[0] == "racun"]) == routing.ATTEMPTS


async def test_a_conflict_is_tried_again_at_once(build: Build) -> None:
    plug = Plug()
    met: list[int] = []

    class Quarrelling(Judge):
        def classify(self, text: str, *, channel: str | None = None) -> Verdict:
            met.append(1)
            if len(met) == 1:
                raise Conflict("orang lain lebih dulu")
            return super().classify(text, channel=channel)

    house = build(plug, classifier=Quarrelling())
    message = await wrote(house, plug)

    await emptied(house)
    await emptied(house)

    assert await house.store.read(lambda work: work.cases.of_conversation(message.conversation_id))


async def test_a_worker_that_lost_its_lease_routes_nothing_twice(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug, classifier=Judge())
    message = await wrote(house, plug)

    def stolen(work: Work) -> None:
        work.jobs.claim("route", "lambat", clock.now(), routing.LEASE, 10)

    await house.store.write(stolen)
    await emptied(house)
    assert await house.store.read(lambda work: work.cases.of_conversation(message.conversation_id)) == []
    clock.advance(routing.LEASE)
    await emptied(house)

    assert len(await house.store.read(lambda work: work.cases.of_conversation(message.conversation_id))) == 1


async def test_what_was_claimed_when_the_database_went_away_is_routed_as_soon_as_it_is_back(build: Build) -> None:
    """After a crash of PostgreSQL a citizen's receipt came a minute late: the claim had to run out first."""
    plug = Plug()
    whole = build(plug)
    gate = Gate(whole.store)

    class Shutting(Judge):
        def classify(self, text: str, *, channel: str | None = None) -> Verdict:
            gate.shut = True
            return super().classify(text, channel=channel)

    house = replace(whole, store=gate, classifier=Shutting())
    message = await wrote(house, plug)
    with pytest.raises(StoreAway):
        await routing.turn(house, "satu")
    gate.shut = False
    assert not await routing.turn(house, "satu"), "it is still claimed"

    await let_go(house, "satu", routing.QUEUE)
    await routing.turn(replace(house, classifier=Judge()), "satu")

    assert len(await house.store.read(lambda work: work.cases.of_conversation(message.conversation_id))) == 1


async def test_a_job_for_a_message_that_is_not_there_is_let_go(build: Build, clock: HandClock) -> None:
    house = build(Plug(), classifier=Judge())
    await house.store.write(lambda work: work.jobs.put("route", {"message": 4711}, run_at=clock.now()))

    await emptied(house)

    assert await depths(house) == {}
