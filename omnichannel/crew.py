"""The crew: every worker of one process, what wakes it and what it gives back after a fault. A new worker is one line here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from omnichannel.domain.abilities import CatchUp
from omnichannel.domain.house import House
from omnichannel.domain.ports import Connector, Hiding, Polling, Reading
from omnichannel.inbox import plans
from omnichannel.inbox.acts import queue_of
from omnichannel.inbox.pushing import QUEUE as PUSHES
from omnichannel.router import forward, receipts, reply_back
from omnichannel.workers import (
    acting,
    catching,
    dealing,
    digesting,
    fetching,
    forwarding,
    heading,
    lettering,
    naming,
    planning,
    polling,
    pushing,
    reminding,
    routing,
    ruling,
    sending,
    studying,
    templating,
    watching,
)
from omnichannel.workers.loop import REST, Rest, forever, let_go
from omnichannel.workers.owners import owner_name, release_the_dead

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)

Turn = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Crew:
    """Whom it works for, under which name it holds its claims, and the tasks it has running."""

    house: House
    me: str
    group: asyncio.TaskGroup

    def hire(self, name: str, turn: Turn, *, topic: str, rest: Rest = REST, gives_back: tuple[str, ...] = ()) -> None:
        """One worker, for as long as the crew works. After a fault it gives back what it held of those queues."""
        recover = partial(let_go, self.house, self.me, *gives_back) if gives_back else None
        house = self.house
        self.group.create_task(
            forever(name, turn, bell=house.bell, clock=house.clock, topic=topic, rest=rest, recover=recover)
        )


async def work(house: House, *, owner: str | None = None, learn: studying.Learn | None = None) -> None:
    """Every worker of one process, until cancelled. `learn` is how the machine learns; without it, it does not."""
    me = owner or owner_name()
    await release_the_dead(house.store)
    try:
        async with asyncio.TaskGroup() as group:
            crew = Crew(house, me, group)
            _desk(crew)
            _clock(crew)
            _officers(crew)
            _lapor(crew)
            if learn is not None:
                study = partial(studying.turn, house, me, learn)
                crew.hire("studying", study, topic=studying.QUEUE, rest=MINUTE, gives_back=(studying.QUEUE,))
            for name, connector in house.connectors.items():
                _account(crew, name, connector)
    finally:
        await _leave(house, me)


def _desk(crew: Crew) -> None:
    """What a message, and a case, asks of us."""
    house, me = crew.house, crew.me
    crew.hire("routing", partial(routing.turn, house, me), topic="routing", gives_back=(routing.QUEUE,))
    crew.hire("fetching", partial(fetching.turn, house, me), topic="fetching", gives_back=fetching.QUEUES)
    crew.hire("lettering", partial(lettering.turn, house, me), topic=receipts.QUEUE, gives_back=(receipts.QUEUE,))
    crew.hire("naming", naming.Namer(house, me).turn, topic="naming", gives_back=(naming.QUEUE,))
    crew.hire("heading", partial(heading.turn, house, me), topic=heading.QUEUE, gives_back=(heading.QUEUE,))
    planner = planning.Planner(house, me)
    crew.hire("planning", planner.turn, topic=plans.QUEUE, rest=planner.rest, gives_back=(plans.QUEUE,))
    crew.hire("alarms", partial(reminding.alarms, house, me), topic="alarm")


def _clock(crew: Crew) -> None:
    """What time alone brings."""
    house, me = crew.house, crew.me
    crew.hire("clockwork", partial(reminding.clockwork, house, me), topic="clockwork", rest=MINUTE)
    crew.hire("watching", watching.Watcher(house).turn, topic="watching", rest=MINUTE)
    crew.hire("templating", partial(templating.turn, house, me), topic="templates", rest=MINUTE)


def _officers(crew: Crew) -> None:
    """The office's own rules; and officers who are not looking are told on their own devices."""
    house, me = crew.house, crew.me
    crew.hire("dealing", partial(dealing.turn, house), topic="dealing", rest=MINUTE)
    crew.hire("digesting", partial(digesting.turn, house, me), topic="digest", rest=MINUTE, gives_back=("digest",))
    crew.hire("ruling", ruling.Ruler(house).turn, topic="screens")
    if house.pusher is not None:
        crew.hire("following", pushing.Follower(house).turn, topic="screens")
        sender = pushing.Sender(house, house.pusher, me)
        crew.hire("pushing", sender.turn, topic=PUSHES, gives_back=(PUSHES,))


def _lapor(crew: Crew) -> None:
    """Reports to LAPOR; and where it has a gateway, what comes back from there."""
    house, me = crew.house, crew.me
    ours = (forward.QUEUE, forward.NEWS_QUEUE)
    crew.hire("forwarding", forwarding.Dispatch(house, me).turn, topic=forward.QUEUE, gives_back=ours)
    if house.forwarder.way in forward.BY_ITSELF:
        answers, listen = partial(forwarding.reply, house, me), partial(forwarding.listen, house, me)
        crew.hire("lapor replies", answers, topic=reply_back.QUEUE, gives_back=(reply_back.QUEUE,))
        crew.hire("lapor news", listen, topic=forward.NEWS_QUEUE, gives_back=ours)
        crew.hire("lapor lists", partial(forwarding.names, house, me), topic="lapor-lists", rest=MINUTE)


def _account(crew: Crew, name: str, connector: Connector) -> None:
    """One account's own: hearing, answering, and what staff do there with a message."""
    house, me = crew.house, crew.me
    if isinstance(connector, Reading | Hiding):
        act = partial(acting.turn, house, name, me)
        crew.hire(f"acting {name}", act, topic="acting", gives_back=(queue_of(name),))
    sender = sending.Sender(house, name, me)
    crew.hire(f"sending {name}", sender.turn, topic="sending", gives_back=tuple(sender.queues))
    if isinstance(connector, Polling):
        crew.group.create_task(polling.Poller(house, connector, me).run())
    else:
        crew.group.create_task(polling.keep_open(house, connector))
    if isinstance(connector, CatchUp):
        crew.group.create_task(catching.Catcher(house, connector, me).run())


async def _leave(house: House, owner: str) -> None:
    try:
        await asyncio.shield(polling.drop_leases(house, owner))
    except Exception as error:  # The leases run out by themselves; leaving must not fail for them.
        log.warning("leases kept", extra={"error": str(error)})
