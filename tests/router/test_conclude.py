"""A case ends once, with its outcome and its reason; the citizen hears it; and what is due next comes on top."""

from functools import partial
from typing import Any

import pytest

from omnichannel.domain.case import OUTCOMES, Case, CaseState, Kind, Outcome
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.people import Staff
from omnichannel.router import lapor
from omnichannel.router.conclude import WORDS, conclude, reopen, tell_outcome
from omnichannel.router.desk import Desk
from omnichannel.router.route import void
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_case, a_staff
from tests.desk import a_verdict
from tests.plug import OPEN
from tests.router.conftest import Judge, Write, case, history, notices, talk

REQUEST = Kind.INFORMATION_REQUEST
WHY = "Data itu dikecualikan."


@pytest.fixture
async def staff(quick_store: SqlStore) -> Staff:
    return await quick_store.write(lambda work: a_staff(work, name="Ani"))


def ending(staff: Staff, made: Case, outcome: Outcome, **given: Any) -> Any:
    facts: dict[str, Any] = {"now": NOON, "why": WHY} | given
    return partial(conclude, staff=staff, case_id=made.id, outcome=outcome, **facts)


@pytest.mark.parametrize(
    ("kind", "outcome"), [(kind, outcome) for kind, outcomes in OUTCOMES.items() for outcome in outcomes]
)
async def test_every_kind_ends_in_each_of_its_ways(
    quick_store: SqlStore, staff: Staff, kind: Kind, outcome: Outcome
) -> None:
    made = await quick_store.write(lambda work: a_case(work, kind=kind, certain=False))

    ended = await quick_store.write(ending(staff, made, outcome))

    over = outcome in (Outcome.WITHDRAWN, Outcome.TRANSFERRED, Outcome.LAPSED)
    assert ended.state is (CaseState.CLOSED if over else CaseState.ANSWERED)
    assert (ended.outcome, ended.closed_at, ended.certain) == (outcome, NOON, True)
    assert not ended.state.running
    (told,) = [one for one in await history(quick_store, made.conversation_id) if one.verb == "concluded"]
    assert (told.before, told.after, told.why) == ("open", outcome.value, WHY)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OTHER])
async def test_no_kind_ends_as_another_does(quick_store: SqlStore, staff: Staff, kind: Kind) -> None:
    made = await quick_store.write(lambda work: a_case(work, kind=kind))

    for outcome in set(Outcome) - set(OUTCOMES[kind]):
        with pytest.raises(Invalid):
            await quick_store.write(ending(staff, made, outcome))


@pytest.mark.parametrize("why", [None, "", "   ", "ok"])
@pytest.mark.parametrize("outcome", [one for one in OUTCOMES[REQUEST] if one.needs_reason])
async def test_less_than_a_yes_needs_its_reason(
    quick_store: SqlStore, staff: Staff, outcome: Outcome, why: str | None
) -> None:
    made = await quick_store.write(lambda work: a_case(work, kind=REQUEST))

    with pytest.raises(Invalid):
        await quick_store.write(ending(staff, made, outcome, why=why))

    assert (await case(quick_store, made.id)).state is CaseState.OPEN


async def test_a_plain_yes_needs_none(quick_store: SqlStore, staff: Staff) -> None:
    made = await quick_store.write(lambda work: a_case(work, kind=REQUEST))

    assert (await quick_store.write(ending(staff, made, Outcome.GRANTED, why=None))).outcome is Outcome.GRANTED


async def test_a_double_click_concludes_once_and_another_mind_is_a_conflict(
    quick_store: SqlStore, staff: Staff
) -> None:
    made = await quick_store.write(a_case)

    first = await quick_store.write(ending(staff, made, Outcome.RESOLVED, seen=made.version))
    again = await quick_store.write(ending(staff, made, Outcome.RESOLVED, seen=made.version))

    assert again == first
    assert [one.verb for one in await history(quick_store, made.conversation_id)].count("concluded") == 1
    with pytest.raises(Conflict, match="selesai ditangani"):
        await quick_store.write(ending(staff, made, Outcome.REFUSED))


async def test_an_overtaken_page_a_void_case_and_no_case_are_not_concluded(quick_store: SqlStore, staff: Staff) -> None:
    made = await quick_store.write(a_case)

    with pytest.raises(Conflict):
        await quick_store.write(ending(staff, made, Outcome.RESOLVED, seen=made.version + 1))
    await quick_store.write(lambda work: void(work, staff, made.id, "salah kirim", now=NOON))
    with pytest.raises(Conflict):
        await quick_store.write(ending(staff, made, Outcome.RESOLVED))
    with pytest.raises(NotFound):
        await quick_store.write(partial(conclude, staff=staff, case_id=999, outcome=Outcome.RESOLVED, now=NOON))


async def test_when_one_case_ends_the_next_one_due_comes_on_top(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    complaint = await judge(await write("Lampu mati"), a_verdict())
    request = await judge(await write("Minta data"), a_verdict(REQUEST))
    assert complaint is not None
    assert request is not None
    assert (await talk(quick_store)).case_id == request.id

    await quick_store.write(ending(staff, request, Outcome.GRANTED))
    found = await talk(quick_store)
    assert (found.case_id, found.due, found.kind) == (complaint.id, complaint.due.isoformat(), "complaint")

    await quick_store.write(ending(staff, complaint, Outcome.RESOLVED))
    found = await talk(quick_store)
    assert (found.case_id, found.due, found.needs_person) == (complaint.id, None, False)


async def test_a_new_word_after_the_end_makes_a_new_case(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await judge(await write("Lampu mati"), a_verdict())
    assert made is not None
    await quick_store.write(ending(staff, made, Outcome.RESOLVED))

    again = await judge(await write("Mati lagi"), a_verdict())

    assert again is not None
    assert again.number == "LAP-2026-000002"
    assert (await talk(quick_store)).case_id == again.id


async def test_what_comes_back_runs_on_its_old_clock(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, desk: Desk
) -> None:
    made = await judge(await write("Lampu mati"), a_verdict())
    assert made is not None
    keyed = partial(lapor.keyed_in, staff=staff, case_id=made.id, tracking_id="1234567", url=None)
    await quick_store.write(partial(keyed, office=desk.office, capabilities=OPEN, now=NOON))
    await quick_store.write(ending(staff, made, Outcome.RESOLVED))

    with pytest.raises(Invalid):
        await quick_store.write(lambda work: reopen(work, staff, made.id, " ", now=NOON))
    back = await quick_store.write(lambda work: reopen(work, staff, made.id, "lampu mati lagi", now=NOON))
    same = await quick_store.write(lambda work: reopen(work, staff, made.id, "lampu mati lagi", now=NOON))

    assert (back.state, back.outcome, back.closed_at, back.due) == (CaseState.FORWARDED, None, None, made.due)
    assert same == back
    assert (await talk(quick_store)).due == made.due.isoformat()


async def test_a_void_case_does_not_come_back(quick_store: SqlStore, staff: Staff) -> None:
    made = await quick_store.write(a_case)
    await quick_store.write(lambda work: void(work, staff, made.id, "salah kirim", now=NOON))

    with pytest.raises(Conflict):
        await quick_store.write(lambda work: reopen(work, staff, made.id, "ternyata benar", now=NOON))


# ---------------------------------------------------------------- told


async def told(store: SqlStore, desk: Desk, made: Case, why: str | None) -> list[str]:
    """Twice, as after a repeated POST."""
    ended = await case(store, made.id)
    for _ in range(2):
        await store.write(lambda work: tell_outcome(work, desk.office, ended, why, capabilities=OPEN, now=NOON))
    return [text for text in await notices(store, made.conversation_id) if "Kabar untuk" in text]


async def test_the_citizen_hears_how_it_ended_and_why_once(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, desk: Desk
) -> None:
    made = await judge(await write("Minta data"), a_verdict(REQUEST))
    assert made is not None
    await quick_store.write(ending(staff, made, Outcome.REFUSED))

    (text,) = await told(quick_store, desk, made, WHY)

    assert "PPID-2026-000001: ditolak." in text
    assert f"Alasan: {WHY}" in text
    assert "keberatan" in text, "UU 14/2008, Pasal 35: they may object"


async def test_a_yes_speaks_of_no_objection_and_of_no_reason(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, desk: Desk
) -> None:
    made = await judge(await write("Lampu mati"), a_verdict())
    assert made is not None
    await quick_store.write(ending(staff, made, Outcome.RESOLVED, why=None))

    (text,) = await told(quick_store, desk, made, None)

    assert "selesai ditangani" in text
    assert "keberatan" not in text
    assert "Alasan" not in text
    assert "  " not in text


async def test_before_it_ended_there_is_nothing_to_tell(quick_store: SqlStore, desk: Desk) -> None:
    made = await quick_store.write(a_case)

    with pytest.raises(Invalid):
        await quick_store.write(lambda work: tell_outcome(work, desk.office, made, None, capabilities=OPEN, now=NOON))


def test_every_outcome_has_its_words() -> None:
    assert set(WORDS) == set(Outcome)
    assert {one for outcomes in OUTCOMES.values() for one in outcomes} == set(Outcome)
