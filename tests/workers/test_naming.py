"""Rows with a name instead of an id's tail: asked once, with patience, never in the way of what comes in."""

from collections import deque
from datetime import timedelta

from omnichannel.domain.errors import AccountBroken, Refused, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.message import Author
from omnichannel.domain.people import Contact
from omnichannel.workers.naming import A_DAY, QUEUE, Namer
from tests.build import ACCOUNT
from tests.house import HandClock
from tests.plug import Plug
from tests.workers.conftest import Build, now_is, wrote


class NamingPlug(Plug):
    """One that may be asked for names: each answer is an author, nothing, or an error."""

    def __init__(self, account: str = ACCOUNT) -> None:
        super().__init__(account)
        self.names: deque[Author | Exception | None] = deque()
        self.asked: list[str] = []

    async def name_of(self, contact: str) -> Author | None:
        self.asked.append(contact)
        answer = self.names.popleft() if self.names else Author(id=contact, name="Siti Aminah")
        if isinstance(answer, Exception):
            raise answer
        return answer


async def contact_of(house: House, plug: Plug, author: str, text: str = "Lampu mati") -> Contact:
    message = await now_is(house, await wrote(house, plug, text, author=Author(id=author), conversation=author))
    assert message.contact_id is not None
    found = await house.store.read(lambda work: work.contacts.get(message.contact_id or 0))
    assert found is not None
    return found


async def again(house: House, contact: Contact) -> Contact:
    found = await house.store.read(lambda work: work.contacts.get(contact.id))
    assert found is not None
    return found


async def waiting(house: House) -> tuple[int, int]:
    depths = await house.store.read(lambda work: work.jobs.depths())
    return depths.get(QUEUE, (0, 0))


async def test_a_citizen_without_a_name_gets_one_and_the_row_hears_of_it(build: Build) -> None:
    plug = NamingPlug()
    house = build(plug)
    siti = await contact_of(house, plug, "6101")
    await contact_of(house, plug, "6101", "Masih mati")

    await Namer(house, "satu").turn()

    assert (await again(house, siti)).label == "Siti Aminah"
    assert plug.asked == ["6101"]
    happened = await house.store.read(lambda work: work.screens.happened(0, 100))
    told = [(one.before, one.after) for one in happened if one.verb == "named"]
    assert told == [("Warga …6101", "Siti Aminah")]


async def test_whoever_has_a_name_is_not_asked_about(build: Build) -> None:
    plug = NamingPlug()
    house = build(plug)
    await wrote(house, plug, author=Author(id="6102", name="Budi"), conversation="6102")
    await wrote(house, plug, author=Author(id="komentar:9_8"), conversation="9_8")

    await Namer(house, "satu").turn()

    assert plug.asked == []


async def test_a_channel_that_tells_no_names_is_not_asked(build: Build) -> None:
    plug = Plug()
    house = build(plug)
    await contact_of(house, plug, "6103")

    assert await waiting(house) == (0, 0)


async def test_nothing_to_tell_is_remembered_for_good(build: Build) -> None:
    plug = NamingPlug()
    house = build(plug)
    plug.names.append(None)
    await contact_of(house, plug, "6104")
    namer = Namer(house, "satu")
    await namer.turn()

    await contact_of(house, plug, "6104", "Halo lagi")
    await namer.turn()

    assert plug.asked == ["6104"]


async def test_a_missing_right_closes_the_account_for_a_day(build: Build, clock: HandClock) -> None:
    plug = NamingPlug()
    house = build(plug)
    plug.names.append(AccountBroken("izin kurang", code="10"))
    siti = await contact_of(house, plug, "6105")
    namer = Namer(house, "satu")
    await namer.turn()
    await contact_of(house, plug, "6106")
    await namer.turn()
    assert plug.asked == ["6105"]

    clock.advance(A_DAY + timedelta(minutes=1))
    await namer.turn()

    assert sorted(plug.asked) == ["6105", "6105", "6106"]
    assert (await again(house, siti)).name == "Siti Aminah"


async def test_troubles_are_waited_out_and_end_some_day(build: Build, clock: HandClock) -> None:
    plug = NamingPlug()
    house = build(plug)
    plug.names.extend([TryLater("ramai", timedelta(minutes=7)), ZeroDivisionError("cacat"), Refused("tidak ada")])
    plug.names.extend([Refused("tidak ada")] * 40)
    await contact_of(house, plug, "6107")
    namer = Namer(house, "satu")

    await namer.turn()
    await namer.turn()
    assert plug.asked == ["6107"]
    for _ in range(40):
        clock.advance(A_DAY)
        await namer.turn()

    assert 3 < len(plug.asked) < 20
    assert await waiting(house) == (0, 1)
