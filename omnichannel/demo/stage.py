"""The scenery: toy platforms on loopback, and a configuration whose accounts point at them."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from omnichannel.demo.clock import DemoClock
from omnichannel.domain.channel import Channel
from omnichannel.domain.office import Account, AlarmContact, Secret
from omnichannel.settings.load import Config, assemble
from omnichannel.settings.source import Source
from omnichannel.toys.base import Toy, ToyFile
from omnichannel.toys.sandbox import SandboxToy
from omnichannel.toys.telegram import TelegramToy

TELEGRAM, MAIL, SANDBOX = "tg-humas", "surel-humas", "kanal-coba"
DUTY = "Piket 112"


@dataclass(frozen=True, slots=True)
class Toys:
    """The platforms, and our accounts on them."""

    telegram: TelegramToy
    sandbox: SandboxToy
    accounts: tuple[Account, ...]

    @property
    def all(self) -> tuple[Toy, ...]:
        """Every one, as citizens see them."""
        return (self.telegram, self.sandbox)

    @property
    def by_account(self) -> Mapping[str, Toy]:
        """By the name of our account there."""
        return {toy.account: toy for toy in self.all}

    @property
    def duty_chat(self) -> str:
        """Where the officer on duty at the 112 desk is told."""
        return str(self.telegram.citizen(DUTY).chat)

    def call_back(self, url: str) -> None:
        """Platforms that deliver to us learn where we listen."""
        self.sandbox.courier.url = f"{url}/hooks/{SANDBOX}"

    def skip(self, so_many: int) -> None:
        """Numbers that an earlier run of these toys may have given are not given again."""
        for _ in range(3 * so_many):
            for series in ("update", "message", "person"):
                self.telegram.number(series)
            self.sandbox.keep(ToyFile("", "", b""))


@asynccontextmanager
async def open_toys(clock: DemoClock) -> AsyncIterator[Toys]:
    """Every toy platform, listening."""
    telegram = TelegramToy(account=TELEGRAM, username="humas_kutim_bot", now=clock.now)
    sandbox = SandboxToy(account=SANDBOX, now=clock.now)
    async with AsyncExitStack() as running:
        addresses = {}
        for toy in (telegram, sandbox):
            addresses[toy.account] = await toy.start()
            running.push_async_callback(toy.stop)
        # Whoever is on duty has pressed "start" long ago: without that no bot may write to them.
        telegram.rooms[telegram.citizen(DUTY).chat].written = True
        accounts = (
            Account(TELEGRAM, Channel.TELEGRAM, {"base_url": addresses[TELEGRAM]}, {"TOKEN": Secret(telegram.token)}),
            Account(SANDBOX, Channel.SANDBOX, {"base_url": addresses[SANDBOX]}, {"SECRET": Secret(sandbox.secret)}),
        )
        yield Toys(telegram, sandbox, accounts)


def asking(account: Account) -> Account:
    """The same account, asked for its news: the past is read, nobody delivers it."""
    return replace(account, options={**account.options, "mode": "poll"})


def demo_config(named: Path | None, folder: Path, url: str, toys: Toys) -> Config:
    """The office as configured, or as the package has it; its accounts, its database and its 112 desk are make-believe."""
    found = assemble(Source.find(named, os.environ) if named else Source(None, {}), data=folder)
    duty = AlarmContact(account=TELEGRAM, address=toys.duty_chat, name=DUTY)
    return replace(
        found,
        accounts=toys.accounts,
        office=replace(found.office, public_url=url, alarm_contacts=(duty,), lapor_way="sheet"),
        database_url=f"sqlite:///{folder / 'omnichannel.db'}",
        redis_url=None,
    )
