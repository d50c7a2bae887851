"""The only place that chooses parts: settings → store, bell, connectors → house; and what runs in one process."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from aiohttp import web

from omnichannel.connectors.catalogue import build as build_connector
from omnichannel.connectors.catalogue import ours
from omnichannel.connectors.lapor import ApiForwarder, BatchForwarder, LaporInbox, SheetForwarder
from omnichannel.connectors.webpush import WebPusher, signing_key
from omnichannel.crew import work
from omnichannel.domain.errors import BadConfig
from omnichannel.domain.forms import ACCOUNT as FORMS
from omnichannel.domain.house import House
from omnichannel.domain.inbound import ACCOUNT as FROM_LAPOR
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Bell, Clock, Connector, Forwarder
from omnichannel.guiding import Guiding
from omnichannel.judging import LivingClassifier, can_learn, shelf_in
from omnichannel.printing.printer import OfficePrinter
from omnichannel.settings.load import Config
from omnichannel.store.bell import open_bell
from omnichannel.store.clock import SystemClock
from omnichannel.store.database import SqlStore, open_store
from omnichannel.store.files import DiskFiles
from omnichannel.web import server
from omnichannel.workers.loop import forever

log = logging.getLogger(__name__)

ROLES = ("web", "workers")
LOOK_EVERY = timedelta(seconds=3)
LONGEST_LEARNING = timedelta(minutes=30)
STOPPING = 2  # seconds that a request under way may still take once we are told to stop


@dataclass(frozen=True, slots=True)
class Records:
    """The database, open, and what it came with."""

    store: SqlStore
    bell: Bell
    clock: Clock


def forwarder_for(config: Config) -> Forwarder:
    """The configured way to LAPOR."""
    way = config.office.lapor_way
    if config.partner is not None:
        return ApiForwarder(config.partner, way)
    return BatchForwarder() if way == "batch" else SheetForwarder()


def connectors_for(accounts: Sequence[Account], public_url: str) -> dict[str, Connector]:
    """One connector an account."""
    return {account.name: build_connector(account, public_url=public_url) for account in accounts}


def every_connector(config: Config, forwarder: Forwarder | None = None) -> dict[str, Connector]:
    """Those of the configuration, and our own (the public forms, what staff write down), which need no account. BadConfig
    where an account has the name of one of ours. With a gateway, answers to LAPOR's own reports leave through it."""
    own = ours()
    if forwarder is not None and config.partner is not None:
        own[FROM_LAPOR] = LaporInbox(forwarder)
    taken = next((account.name for account in config.accounts if account.name in own), None)
    if taken is not None:
        theirs = {FORMS: "the public forms have it", FROM_LAPOR: "SP4N-LAPOR!'s own reports have it"}
        whose = theirs.get(taken, "what staff write down by hand has it")
        raise BadConfig(config.source.settings()[1], "account.name", f"another name than {taken!r}: {whose}")
    return {**connectors_for(config.accounts, config.office.public_url), **own}


def pusher_for(config: Config) -> WebPusher:
    """The way to officers' own devices; its key is made at the first use and kept in the data folder."""
    rules = config.push
    key = partial(signing_key, rules.key, config.server.data)
    return WebPusher(key, contact=rules.contact, services=rules.services)


@asynccontextmanager
async def open_records(config: Config, *, migrate: bool = True, clock: Clock | None = None) -> AsyncIterator[Records]:
    """The database alone, up to date, for what needs neither channels nor the classifier; closed again at the end."""
    config.server.data.mkdir(parents=True, exist_ok=True)
    time = clock or SystemClock()
    bell: Bell = open_bell(config.redis_url)
    store = open_store(config.database_url, bell, time)
    try:
        await store.open()
        if migrate:
            await store.migrate()
        yield Records(store, bell, time)
    finally:
        await store.close()
        await bell.close()


@asynccontextmanager
async def open_house(
    config: Config,
    *,
    migrate: bool = True,
    clock: Clock | None = None,
    connectors: Mapping[str, Connector] | None = None,
    guide: Guiding | None = None,
) -> AsyncIterator[House]:
    """The house with its doors shut: database up to date, files, bell, connectors; closed again at the end."""
    async with open_records(config, migrate=migrate, clock=clock) as records:
        forwarder = forwarder_for(config)
        house = House(
            office=config.office,
            organisation=config.organisation,
            store=records.store,
            files=DiskFiles(config.server.data / "files"),
            bell=records.bell,
            clock=records.clock,
            clocks=config.clocks,
            classifier=LivingClassifier(config.understanding, config.server.data),
            connectors=connectors if connectors is not None else every_connector(config, forwarder),
            forwarder=forwarder,
            printer=OfficePrinter(config.office.letters),
            models=shelf_in(config.server.data),
            pusher=pusher_for(config),
            can_learn=can_learn(),
            guide=guide,
        )
        try:
            yield house
        finally:
            plugs: list[Connector | Forwarder] = [*house.connectors.values(), house.forwarder]
            pushers = [house.pusher] if house.pusher is not None else []
            await asyncio.gather(*(plug.close() for plug in (*plugs, *pushers)), return_exceptions=True)


async def learn_apart(config: Config, by: str) -> int:
    """`omnichannel learn` in a process of its own: what it needs in memory leaves with it. Its exit code."""
    named = ["--config", str(config.source.main)] if config.source.main is not None else []
    words = ["-m", "omnichannel", "learn", "--by", by, "--data", str(config.server.data), *named]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_alike(config)
    )
    try:
        async with asyncio.timeout(LONGEST_LEARNING.total_seconds()):
            _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    code = process.returncode or 0
    if code not in (0, 1):
        log.error("learning failed", extra={"code": code, "said": said.decode(errors="replace")[-500:]})
    return code


def _alike(config: Config) -> dict[str, str]:
    """The environment of a process that is to work on our database, wherever we have it from."""
    redis = {"OMNI_REDIS_URL": config.redis_url} if config.redis_url else {}
    return {**os.environ, "OMNI_DATABASE_URL": config.database_url, **redis, "OMP_NUM_THREADS": "1"}


async def watch_models(house: House) -> None:
    """Take up whichever version of the model is put in use, by us or by another process; until cancelled."""
    living = house.classifier
    if isinstance(living, LivingClassifier):

        async def turn() -> bool:
            return await asyncio.to_thread(living.refresh)

        await forever("models", turn, bell=house.bell, clock=house.clock, topic="models", rest=LOOK_EVERY)


@asynccontextmanager
async def listening(
    house: House,
    host: str,
    port: int,
    *,
    extra: Callable[[web.Application], None] | None = None,
    taken: socket.socket | None = None,
) -> AsyncIterator[int]:
    """The web door, open; yields the port (useful with port 0). `taken` is a socket that already holds the port."""
    runner = web.AppRunner(server.build(house, extra=extra), access_log=None, shutdown_timeout=STOPPING)
    await runner.setup()
    try:
        site: web.BaseSite = web.TCPSite(runner, host, port, backlog=1024)
        if taken is not None:
            site = web.SockSite(runner, taken, backlog=1024)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


class StartAgain(Exception):
    """The guide has written settings down and wants them used."""


async def serve(
    config: Config,
    *,
    host: str,
    port: int,
    roles: Sequence[str],
    ready: Callable[[str], None],
    first: Callable[[str], None] | None = None,
) -> int:
    """The service, until cancelled, or until it shall start again with the settings of the guide: then the port it had.
    `ready` is told the address once requests are answered, `first` where to begin while nobody can log in; OSError: the
    port is taken."""
    bound = port
    try:
        async with open_house(config, guide=(guide := Guiding(config))) as house, AsyncExitStack() as doors:
            where = "workers"
            if "web" in roles:
                bound = await doors.enter_async_context(listening(house, host, port))
                where = f"http://{f'[{host}]' if ':' in host else host}:{bound}"
            peopled = bool(await house.store.read(lambda work: work.people.all()))

            def begun() -> None:
                ready(where)
                if first is not None and "web" in roles and not peopled:
                    first(f"{where}/mulai?kunci={guide.key()}")

            await _run(config, house, guide, roles, begun)
    except* StartAgain:
        log.info("starting again with the settings of the guide")
    return bound


async def _run(config: Config, house: House, guide: Guiding, roles: Sequence[str], ready: Callable[[], None]) -> None:
    # Workers stop before the door shuts: what they have just done is still told to open screens.
    async with asyncio.TaskGroup() as group:
        group.create_task(watch_models(house))
        if "workers" in roles:
            group.create_task(work(house, learn=partial(learn_apart, config)))
        ready()
        await guide.asked()
        raise StartAgain
