"""A case's checklist: ticked on the case and beside the conversation, once, with who and when; all of it in the history."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from omnichannel.domain.case import Case
from omnichannel.domain.people import Role
from omnichannel.domain.work import Work
from tests.build import a_case
from tests.web.front import Front, a_front
from tests.web.test_together import post


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


async def a_report(front: Front, unit: str | None = None) -> Case:
    talk = await front.incoming()

    def opened(work: Work) -> Case:
        now = work.conversations.get(talk.id)
        assert now is not None
        case = a_case(work, conversation=now, unit=unit)
        work.conversations.save(now, replace(now, case_id=case.id, unit=unit))
        return case

    return await front.house.store.write(opened)


async def test_a_tick_says_who_and_when_on_both_pages_and_in_the_history(front: Front) -> None:
    rina, budi = await front.signed_in(login="rina"), await front.signed_in(login="budi")
    case = await a_report(front)
    where = f"/kasus/{case.number}/periksa"

    first, _ = await post(rina, where, butir="foto", centang="1")
    again, _ = await post(budi, where, butir="foto", centang="1")
    page = await (await budi.get(f"/kasus/{case.number}")).text()
    beside = await (await budi.get(f"/percakapan/{case.conversation_id}/tentang")).text()
    await post(budi, where, butir="foto", centang="0")
    history = await front.house.store.read(lambda work: work.screens.history(case.conversation_id))

    assert (first, again) == (303, 303)
    for html in (page, beside):
        assert html.count('aria-checked="true"') == 1
        assert "Rina, 17 Des 2026, 14.05 WITA" in html
    assert "1/2" in beside
    told = [(one.verb, one.actor_name, one.after) for one in reversed(history) if "tick" in one.verb]
    assert told == [("ticked", "Rina", "Foto atau bukti lain"), ("unticked", "Budi", "Foto atau bukti lain")]


async def test_only_lines_of_the_list_are_ticked_and_only_by_who_works_on_it(front: Front) -> None:
    rina, far = await front.signed_in(login="rina"), await front.signed_in(Role.UNIT, "pdam")
    auditor = await front.signed_in(Role.AUDITOR)
    case = await a_report(front, unit="dishub")
    where = f"/kasus/{case.number}/periksa"

    assert (await post(rina, where, butir="identitas", centang="1"))[0] == 404
    assert (await post(rina, where))[0] == 404
    assert (await post(far, where, butir="foto", centang="1"))[0] == 403
    assert (await post(auditor, where, butir="foto", centang="1"))[0] == 403
    assert await front.house.store.read(lambda work: work.together.ticks(case.id)) == {}
