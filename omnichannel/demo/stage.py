"""The scenery: toy platforms on loopback, and a configuration whose accounts point at them."""

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from omnichannel.connectors.catalogue import BUILDERS
from omnichannel.demo.clock import DemoClock
from omnichannel.demo.ears import Delivering
from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import Invalid
from omnichannel.domain.office import Account, AlarmContact, Secret
from omnichannel.domain.partner import Partner
from omnichannel.settings.load import Config, assemble
from omnichannel.settings.source import Source
from omnichannel.toys.base import Toy, ToyFile
from omnichannel.toys.lapor import LaporToy
from omnichannel.toys.mail import MailToy
from omnichannel.toys.meta import FacebookToy, InstagramToy, MetaToy
from omnichannel.toys.sandbox import SandboxToy
from omnichannel.toys.telegram import TelegramToy
from omnichannel.toys.whatsapp import WhatsAppToy
from omnichannel.toys.x import XToy

DUTY = "Piket 112"
# Both ways can be seen: most reports leave by themselves, these wait for an officer.
BY_HAND = frozenset({"inspektorat", "disdukcapil", "disdikbud"})
POLL = timedelta(seconds=3)
SIGNER, ADDRESS = "Pejabat Contoh, S.Sos.", "Jalan Contoh 1, Sangatta · ppid@kutim.example"
MARK, DATABASE = "hanya-demo", "omnichannel.db"


@dataclass(frozen=True, slots=True)
class Platform:
    """A toy, our account on it once it listens at an address, and how it forgets the numbers of an earlier run."""

    toy: Toy
    account: Callable[[str], Account]
    skip: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Toys:
    """Every platform, and our accounts there. Two are known by name: the demo makes them fail."""

    telegram: TelegramToy
    sandbox: SandboxToy
    lapor: LaporToy
    platforms: tuple[Platform, ...]
    accounts: tuple[Account, ...]

    @property
    def all(self) -> tuple[Toy, ...]:
        """Every one, as citizens see them."""
        return tuple(platform.toy for platform in self.platforms)

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
        for account in self.accounts:
            toy = self.by_account[account.name]
            if isinstance(toy, Delivering) and account.options.get("mode", "webhook") == "webhook":
                toy.courier.url = f"{url}/hooks/{account.name}"

    def skip(self, so_many: int) -> None:
        """Numbers that an earlier run of these toys may have given are not given again."""
        for platform in self.platforms:
            for _ in range(3 * so_many):
                platform.skip()


# What an office would have had approved for answers that come after WhatsApp's window has shut.
TEMPLATES = (
    (
        "kabar_laporan",
        "Halo {{1}}, ada kabar tentang laporan {{2}}: {{3}} Balas pesan ini untuk melanjutkan.",
        "APPROVED",
    ),
    (
        "jawaban_siap",
        "Halo {{1}}, jawaban atas permohonan {{2}} sudah siap. Balas pesan ini untuk menerimanya.",
        "APPROVED",
    ),
    ("lanjutkan", "Halo, kami masih menunggu keterangan Anda. Balas pesan ini bila masih diperlukan.", "PENDING"),
    ("undangan_survei", "Ikuti survei kepuasan layanan kami.", "REJECTED"),
)


@asynccontextmanager
async def open_toys(clock: DemoClock) -> AsyncIterator[Toys]:
    """Every toy platform, listening."""
    telegram = TelegramToy(account="tg-humas", username="humas_kutim_bot", now=clock.now)
    sandbox = SandboxToy(account="kanal-coba", now=clock.now)
    whatsapp = WhatsAppToy(account="wa-humas", now=clock.now)
    for name, text, status in TEMPLATES:
        whatsapp.add_template(name, text, status=status)
    every = (
        _telegram(telegram),
        _meta(whatsapp),
        _meta(FacebookToy(account="fb-humas", now=clock.now, commenting=3)),
        _meta(InstagramToy(account="ig-humas", now=clock.now, commenting=3)),
        _x(XToy(account="x-humas", now=clock.now)),
        _mail(MailToy(account="surel-humas", now=clock.now)),
        _sandbox(sandbox),
    )
    platforms = tuple(platform for platform in every if platform.toy.channel in BUILDERS)
    async with AsyncExitStack() as running:
        accounts = []
        for platform in platforms:
            accounts.append(platform.account(await platform.toy.start()))
            running.push_async_callback(platform.toy.stop)
        # Whoever is on duty has pressed "start" long ago: without that no bot may write to them.
        telegram.rooms[telegram.citizen(DUTY).chat].written = True
        lapor = LaporToy(now=clock.now)
        await lapor.start()
        running.push_async_callback(lapor.stop)
        yield Toys(telegram, sandbox, lapor, platforms, tuple(accounts))


def claim(folder: Path) -> None:
    """Make the folder ours. Invalid where a real office keeps its data: its logins would get passwords that all know."""
    mark = folder / MARK
    if (folder / DATABASE).exists() and not mark.exists():
        raise Invalid(f"{folder} berisi basis data yang bukan milik demo. Pilih folder lain untuk --data.")
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _telegram(toy: TelegramToy) -> Platform:
    def account(base: str) -> Account:
        options = {"mode": "poll", "base_url": base}
        return Account(toy.account, Channel.TELEGRAM, options, {"TOKEN": Secret(toy.token)})

    return Platform(toy, account, lambda: [toy.number(series) for series in ("update", "message", "person")])


def _meta(toy: WhatsAppToy | MetaToy) -> Platform:
    def account(base: str) -> Account:
        if isinstance(toy, WhatsAppToy):
            options = {"phone_number_id": toy.number_id, "business_id": toy.business_id, "base_url": base}
        else:
            options = {"page_id": toy.page_id, "base_url": base}
        secrets = {"TOKEN": toy.token, "APP_SECRET": toy.app_secret, "VERIFY_TOKEN": toy.verify_token}
        return Account(toy.account, toy.channel, options, {key: Secret(one) for key, one in secrets.items()})

    return Platform(toy, account, lambda: toy.citizen(toy.serial()))


def _x(toy: XToy) -> Platform:
    def account(base: str) -> Account:
        secrets = {
            "CONSUMER_KEY": toy.consumer_key,
            "CONSUMER_SECRET": toy.consumer_secret,
            "ACCESS_TOKEN": toy.access_token,
            "ACCESS_SECRET": toy.access_secret,
        }
        options = {"mode": "webhook", "user_id": toy.own, "base_url": base}
        return Account(toy.account, Channel.X, options, {key: Secret(one) for key, one in secrets.items()})

    return Platform(toy, account, lambda: toy.citizen(toy.number()))


def _mail(toy: MailToy) -> Platform:
    def account(base: str) -> Account:
        options = {"address": toy.address, "imap_url": base, "smtp_url": toy.smtp_url}
        return Account(toy.account, Channel.MAIL, options, {"USER": Secret(toy.user), "PASSWORD": Secret(toy.password)})

    def skip() -> None:
        toy.number()
        toy.renumber()  # Another UIDVALIDITY: what the earlier run had read says nothing of this mailbox.

    return Platform(toy, account, skip)


def _sandbox(toy: SandboxToy) -> Platform:
    def account(base: str) -> Account:
        return Account(toy.account, Channel.SANDBOX, {"base_url": base}, {"SECRET": Secret(toy.secret)})

    return Platform(toy, account, lambda: toy.keep(ToyFile("", "", b"")))


def demo_config(named: Path | None, folder: Path, url: str, toys: Toys) -> Config:
    """The office as configured, or as the package has it; its accounts, its database and its 112 desk are make-believe."""
    found = assemble(Source.find(named, os.environ) if named else Source(None, {}), data=folder)
    duty = AlarmContact(account=toys.telegram.account, address=toys.duty_chat, name=DUTY)
    return replace(
        found,
        accounts=toys.accounts,
        office=replace(
            found.office,
            public_url=url,
            alarm_contacts=(duty,),
            lapor_way="api",
            lapor_by_hand=BY_HAND,
            lapor_poll=POLL,
            letters=replace(found.office.letters, signer=SIGNER, address=ADDRESS),
        ),
        partner=Partner(
            base_url=toys.lapor.base, key=toys.lapor.key, token=toys.lapor.token, user_id="9", institution_id="501"
        ),
        database_url=f"sqlite:///{folder / DATABASE}",
        redis_url=None,
    )
