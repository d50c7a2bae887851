"""The PPID's shelves keep what they are given, refuse the slower of two, and never reuse or skip a number."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from omnichannel.domain.case import Kind, Outcome, Queue
from omnichannel.domain.dip import Category, Item
from omnichannel.domain.errors import Conflict, Invalid
from omnichannel.domain.objection import SERIES, ObjectionState
from omnichannel.domain.people import Role
from omnichannel.domain.ppid import Link, LinkPurpose, PaperKind, Request, UnitTask, Wait
from omnichannel.domain.ppid_decision import ConsequenceTest, DecisionState, Ruling
from omnichannel.domain.work import Work
from omnichannel.router import objecting, ruling
from omnichannel.store.database import SqlStore
from tests.build import CITIZEN, NOON, a_case, a_staff
from tests.desk import a_desk

REQUEST = Kind.INFORMATION_REQUEST
AT_ONCE = 50


def test_the_series_of_objections_is_no_queue() -> None:
    assert SERIES not in set(Queue)


async def test_a_request_comes_back_as_it_was_kept(store: SqlStore) -> None:
    def story(work: Work) -> tuple[Request, Request | None, dict[int, Request]]:
        case = a_case(work, kind=REQUEST)
        made = Request(
            case_id=case.id,
            received_at=NOON,
            applicant="badan_hukum",
            name="Yayasan Uji \x00 Etam",
            details="Dokumen",
            waits=(Wait(asked_at=NOON, answered_at=NOON + timedelta(hours=3)), Wait(asked_at=NOON)),
        )
        kept = work.requests.save(made, made)
        return kept, work.requests.get(case.id), work.requests.of([case.id, 99])

    kept, found, many = await store.write(story)

    assert kept.version == 1
    assert found is not None
    assert found.waits == kept.waits
    assert found.waiting == kept.waits[1]
    assert found.name == "Yayasan Uji \ufffd Etam"
    assert list(many) == [kept.case_id]


async def test_of_two_who_fill_in_the_slower_is_told(store: SqlStore) -> None:
    def first(work: Work) -> Request:
        case = a_case(work, kind=REQUEST)
        empty = Request(case_id=case.id, received_at=NOON)
        work.requests.save(empty, empty)
        with pytest.raises(Conflict):
            work.requests.save(empty, replace(empty, name="B"))
        found = work.requests.get(case.id)
        assert found is not None
        return work.requests.save(found, replace(found, name="A"))

    kept = await store.write(first)

    with pytest.raises(Conflict):
        await store.write(lambda work: work.requests.save(replace(kept, version=1), replace(kept, name="C")))
    assert (await store.read(lambda work: work.requests.get(kept.case_id))) == kept


async def test_papers_rulings_tests_tasks_and_links_come_back(store: SqlStore) -> None:
    def story(work: Work) -> None:
        case, staff = a_case(work, kind=REQUEST), a_staff(work)
        paper = work.requests.add_paper(case.id, PaperKind.DEED, "akta.pdf", "application/pdf", 9, "a" * 64, NOON)
        work.requests.set_fault(paper.id, "buram")
        assert work.requests.papers(case.id) == [replace(paper, fault="buram")]
        ruling = Ruling(outcome=Outcome.PARTLY, grounds=("h", "i"), held=True, reason="x", cost=5000)
        draft = work.requests.add_decision(case.id, ruling, staff.id, staff.name, NOON)
        assert work.requests.decided([case.id]) == {}
        final = work.requests.save_decision(draft, replace(draft, state=DecisionState.FINAL))
        assert work.requests.decided([case.id]) == {case.id: final}
        assert work.requests.decision(draft.id) == final
        with pytest.raises(Conflict):
            work.requests.save_decision(draft, draft)
        proof = ConsequenceTest(
            id=0,
            case_id=case.id,
            information="NIK",
            basis="h",
            consequence="c",
            period="p",
            approver="a",
            approver_post="",
            by="b",
            at=NOON,
        )
        assert work.requests.tests(case.id) == [] != [work.requests.add_test(proof)] == work.requests.tests(case.id)
        task = work.errands.add_task(
            UnitTask(
                id=0, case_id=case.id, unit="dishub", question="?", due=date(2026, 12, 1), given_by="A", given_at=NOON
            )
        )
        assert work.errands.open_tasks("dishub") == work.errands.open_tasks(None) == [task]
        done = work.errands.save_task(task, replace(task, answer="ada", held=True, answered_at=NOON))
        assert work.errands.open_tasks("dishub") == []
        assert work.errands.task(task.id) == done
        link = work.errands.add_link(
            Link(
                id=0,
                token_hash="h",
                purpose=LinkPurpose.FIELD,
                case_id=case.id,
                task_id=task.id,
                holder="Petugas lapangan",
                made_by="A",
                made_at=NOON,
                expires_at=NOON + timedelta(days=7),
                tries_left=3,
            )
        )
        assert work.errands.link("h") == work.errands.link_by_id(link.id) == link
        assert work.errands.link("k") is None

    await store.write(story)


def an_item(title: str, unit: str = "dishub", category: Category = Category.PERIODIC, **facts: Any) -> Item:
    return Item(id=0, unit=unit, category=category, title=title, updated_at=NOON, **facts)


async def test_the_catalogue_is_searched_by_every_word_and_counts_what_it_does_not_show(store: SqlStore) -> None:
    def story(work: Work) -> None:
        made = [
            work.catalogue.add(an_item(title))
            for title in ("Laporan keuangan 2024", "Laporan keuangan 2025", "100% rencana_kerja")
        ]
        secret = work.catalogue.add(an_item("Laporan keuangan pribadi", category=Category.EXEMPT, basis="Pasal 17 h"))
        search = work.catalogue.search
        assert search("LAPORAN  keuangan")[1] == 3
        assert [one.title for one in search("keuangan", limit=1, offset=1)[0]] == ["Laporan keuangan 2025"]
        assert search("keuangan", limit=1)[1] == 3
        assert search("%")[0] == search("0%")[0] == search("a_k")[0] == [made[2]]
        assert search("keuangan", categories=[Category.EXEMPT])[0] == [secret]
        assert search("", units=["pupr"]) == ([], 0)
        assert secret not in work.catalogue.near(["keuangan"])
        assert work.catalogue.find("dishub", "laporan  KEUANGAN 2024") == made[0]
        gone = work.catalogue.save(made[0], replace(made[0], removed_at=NOON))
        assert gone.version == 2
        assert work.catalogue.find("dishub", "Laporan keuangan 2024") is None
        assert work.catalogue.counts() == {("dishub", Category.PERIODIC): 2, ("dishub", Category.EXEMPT): 1}

    await store.write(story)


async def test_fifty_requests_at_once_take_fifty_numbers_one_after_another(store: SqlStore) -> None:
    """Every seventh story fails after it drew its number: the number goes back with it."""

    def story(work: Work, which: int) -> str:
        case = a_case(work, kind=REQUEST)
        if which % 7 == 0:
            raise Invalid("batal")
        return case.number

    answers = await asyncio.gather(
        *(store.write(lambda work, which=which: story(work, which)) for which in range(AT_ONCE)),  # type: ignore[misc]
        return_exceptions=True,
    )

    numbers = sorted(one for one in answers if isinstance(one, str))
    assert numbers == [f"PPID-2026-{n:06}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) == AT_ONCE - len(range(0, AT_ONCE, 7))


async def test_fifty_objections_at_once_take_fifty_numbers_one_after_another(store: SqlStore) -> None:
    desk = a_desk()
    cases = await store.write(lambda work: [a_case(work, kind=REQUEST, due=date(2026, 11, 20)) for _ in range(AT_ONCE)])

    def story(work: Work, case_id: int, which: int) -> str:
        # Those without a ground fail after others have drawn their numbers.
        grounds = () if which % 5 == 0 else ("c",)
        return objecting.file(work, desk, case_id, grounds, "Tidak dijawab sampai hari ini.", CITIZEN, now=NOON).number

    answers = await asyncio.gather(
        *(
            store.write(lambda work, one=one, which=which: story(work, one.id, which))  # type: ignore[misc]
            for which, one in enumerate(cases)
        ),
        return_exceptions=True,
    )

    numbers = sorted(one for one in answers if isinstance(one, str))
    assert numbers == [f"KEB-2026-{n:06}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) == AT_ONCE - len(range(0, AT_ONCE, 5))
    page = await store.read(lambda work: work.objections.page(ObjectionState.OPEN, None, 15))
    rest = await store.read(lambda work: work.objections.page(None, int(page.after or 0), 100))
    assert [one.number for one in (*page.rows, *rest.rows)] == numbers[::-1]
    assert rest.after is None


async def test_of_two_officers_who_decide_at_once_one_wins_on_either_database(store: SqlStore) -> None:
    desk = a_desk()
    case, officers = await store.write(
        lambda work: (a_case(work, kind=REQUEST), [a_staff(work, role=Role.PPID) for _ in range(8)])
    )
    granted = Ruling(outcome=Outcome.GRANTED, medium="softcopy")
    missing = Ruling(outcome=Outcome.NOT_HELD, reason="Tidak kami kuasai.")

    def story(work: Work, which: int) -> Outcome:
        said = granted if which % 2 else missing
        made = ruling.decide(work, desk, officers[which], case.id, said, now=NOON, seen=case.version)
        return made.ruling.outcome

    answers = await asyncio.gather(
        *(store.write(lambda work, which=which: story(work, which)) for which in range(8)),  # type: ignore[misc]
        return_exceptions=True,
    )

    won = [one for one in answers if isinstance(one, Outcome)]
    assert len(won) == 1
    assert sum(isinstance(one, Conflict) for one in answers) == 7
    kept = await store.read(lambda work: work.requests.decisions(case.id))
    assert [one.ruling.outcome for one in kept] == won
    found = await store.read(lambda work: work.cases.get(case.id))
    assert found is not None
    assert found.outcome is won[0]
