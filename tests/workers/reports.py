"""Complaints on their way to a toy LAPOR: what the tests of forwarding share."""

from omnichannel.domain.case import Case
from omnichannel.domain.forwarding import Forward
from omnichannel.domain.house import House
from omnichannel.domain.message import Author
from omnichannel.domain.work import Message, Work
from omnichannel.router import route
from omnichannel.workers.forwarding import desk_of
from tests.build import a_number
from tests.desk import a_verdict
from tests.plug import Plug
from tests.workers.conftest import wrote

SARI = Author(id="warga-1", name="Sari Wulandari", phone="+6281234567890")


async def a_complaint(house: House, text: str = "Lampu jalan mati", **verdict: object) -> Case:
    message = await wrote(house, Plug(), text, author=SARI, conversation=f"u{a_number()}")
    judged = a_verdict(**verdict)  # type: ignore[arg-type]

    def story(work: Work) -> Case | None:
        return route.route(work, desk_of(house), message.id, judged, house.clock.now())

    made = await house.store.write(story)
    assert made is not None
    return made


async def row(house: House, case: Case) -> Forward | None:
    return await house.store.read(lambda work: work.forwards.get(case.id))


async def now_is(house: House, case: Case) -> Case:
    found = await house.store.read(lambda work: work.cases.get(case.id))
    assert found is not None
    return found


async def told(house: House, case: Case) -> list[str]:
    def question(work: Work) -> list[Message]:
        return work.messages.thread(case.conversation_id, limit=100)

    return [one.text for one in await house.store.read(question) if one.automatic]


async def says(house: House, case: Case, text: str, **verdict: object) -> Case | None:
    """The same citizen in the same thread."""
    before = await house.store.read(lambda work: work.conversations.get(case.conversation_id))
    assert before is not None
    message = await wrote(house, Plug(), text, author=SARI, conversation=before.external_id)
    judged = a_verdict(**verdict)  # type: ignore[arg-type]
    return await house.store.write(
        lambda work: route.route(work, desk_of(house), message.id, judged, house.clock.now())
    )
