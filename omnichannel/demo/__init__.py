"""The product with no account anywhere: toy platforms, a month of history, and citizens who go on writing.

Everything below the toys is the real thing: connectors speak to them over loopback, stories run on an embedded database.
"""

import asyncio
import socket
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from pathlib import Path
from random import Random

from aiohttp import web

from omnichannel import app, crew
from omnichannel.demo.cast import Login, enter, logins
from omnichannel.demo.clock import DemoClock
from omnichannel.demo.month import remember
from omnichannel.demo.stage import Toys, claim, demo_config, open_toys
from omnichannel.store.clock import SystemClock
from omnichannel.toys import lapor_page
from omnichannel.toys.citizens import chatter
from omnichannel.toys.lapor_officers import officers
from omnichannel.toys.page import routes
from omnichannel.web import guard

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a visitor needs to know once the demo runs."""

    url: str
    toys: Mapping[str, str]
    logins: tuple[Login, ...]

    def as_json(self) -> dict[str, object]:
        """The one line on stdout."""
        people = [{"role": one.role.value, "login": one.login, "password": one.password} for one in self.logins]
        return {"url": self.url, "toys": dict(self.toys), "logins": people}


async def play(folder: Path, port: int, ready: Callable[[Stage], None], *, config: Path | None = None) -> None:
    """Until cancelled; `ready` is told once the desk answers with its month behind it. OSError: the port is taken.

    Invalid: the folder holds data that are not a demo's.
    """
    claim(folder)
    clock = DemoClock(SystemClock())
    # The port comes first: a taken one must not cost the wait for a month of history.
    with socket.create_server((HOST, port)) as door:
        url = f"http://{HOST}:{door.getsockname()[1]}"
        async with AsyncExitStack() as parts:
            toys = await parts.enter_async_context(open_toys(clock))
            found = demo_config(config, folder, url, toys)
            house = await parts.enter_async_context(app.open_house(found, clock=clock))
            people = logins(house.organisation)
            cast = await enter(house.store, people, clock.now())
            await remember(house, toys, cast, clock)
            await parts.enter_async_context(
                app.listening(house, HOST, 0, extra=_mount(toys, house.office.zone), taken=door)
            )
            toys.call_back(url)
            async with asyncio.TaskGroup() as group:
                group.create_task(app.watch_models(house))
                group.create_task(crew.work(house, learn=partial(app.learn_apart, found)))
                group.create_task(officers(toys.lapor, clock, Random()))
                group.create_task(chatter(toys.all, clock, Random()))
                ready(Stage(url, {name: f"{url}/mainan/{name}" for name in toys.by_account}, people))
                await asyncio.Event().wait()


def _mount(toys: Toys, zone: tzinfo) -> Callable[[web.Application], None]:
    """The citizens' side, open to every visitor: it is theirs."""

    def mount(application: web.Application) -> None:
        citizens = routes(toys.by_account, guard.csrf, lapor=True, zone=zone)
        for route in (*lapor_page.routes(toys.lapor, guard.csrf), *citizens):
            application.router.add_route(route.method, route.path, guard.allow(route.handler, public=True))

    return mount
