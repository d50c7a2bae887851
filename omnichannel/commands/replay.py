"""`omnichannel replay`: reads ledger payloads again. What is already there stays as it is; nothing is ever doubled."""

import sys
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from omnichannel.commands.running import configured, run
from omnichannel.commands.speech import ConfigFile, Language, data, fail, tell, two

if TYPE_CHECKING:
    from omnichannel.domain.house import House
    from omnichannel.domain.work import Entry, Work
    from omnichannel.settings.load import Config

PAGE = 200


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "replay",
        help=two(
            """Membaca ulang muatan dari buku besar, misalnya setelah perbaikan; tidak ada yang menjadi ganda.

            \b
            Contoh:
              omnichannel replay --quarantined
              omnichannel replay --account tg-humas --id 1234""",
            """Reads ledger payloads again, for instance after a mend; nothing is ever doubled.

            \b
            Example:
              omnichannel replay --quarantined
              omnichannel replay --account tg-humas --id 1234""",
        ),
    )(replay)


def replay(
    account: Annotated[str | None, typer.Option("--account", help=two("Hanya akun ini.", "This account only."))] = None,
    quarantined: Annotated[
        bool, typer.Option("--quarantined", help=two("Hanya yang tertahan.", "Only what is in quarantine."))
    ] = False,
    number: Annotated[
        int | None, typer.Option("--id", min=1, help=two("Hanya catatan nomor ini.", "This ledger entry only."))
    ] = None,
    config: ConfigFile = None,
    lang: Language = None,
) -> None:
    """A JSON line an entry; exit 1 when something could still not be read."""
    left = run(_replay(configured(config), account, quarantined, number))
    if left:
        raise fail(f"{left} butir masih belum terbaca.", f"{left} items can still not be read.")


async def _replay(config: "Config", account: str | None, quarantined: bool, number: int | None) -> int:
    from omnichannel.app import open_house
    from omnichannel.domain.errors import NotFound
    from omnichannel.inbox.receive import Intake

    async with open_house(config) as house:
        if account is not None:
            house.connector(account)
        intake = Intake(house.store, house.files, house.clock)
        done = left = 0
        async for entry in _entries(house, account, quarantined, number):
            connector = house.connectors.get(entry.account)
            done += 1
            if connector is None:
                left += 1
                data({"id": entry.id, "account": entry.account, "error": two("akun tidak ada", "no such account")})
                continue
            found = await intake.replay(connector, entry)
            left += found.quarantined
            counts = {"new": found.new, "known": found.known, "quarantined": found.quarantined}
            data({"id": entry.id, "account": entry.account, **counts})
            _progress(done)
        if number is not None and not done:
            raise NotFound(two(f"tidak ada catatan {number}.", f"there is no entry {number}."))
    tell(f"{done} catatan dibaca ulang.", f"{done} entries were read again.")
    return left


async def _entries(
    house: "House", account: str | None, quarantined: bool, number: int | None
) -> AsyncIterator["Entry"]:
    """What was asked for, oldest first."""
    if not quarantined and number is None:
        async for entry in _every(house, account):
            yield entry
        return
    numbers = {number} if number is not None else set()
    if quarantined:
        held = await house.store.read(lambda work: work.ledger.quarantined(account, limit=1_000_000))
        waiting = {one.ledger_id for one in held}
        numbers = numbers & waiting if numbers else waiting
    for wanted in sorted(numbers):
        page = await house.store.read(_page(account, wanted - 1, 1))
        for entry in page:
            if entry.id == wanted:
                yield entry


async def _every(house: "House", account: str | None) -> AsyncIterator["Entry"]:
    after = 0
    while page := await house.store.read(_page(account, after, PAGE)):
        for entry in page:
            yield entry
        after = page[-1].id


def _page(account: str | None, after: int, limit: int) -> Callable[["Work"], list["Entry"]]:
    return lambda work: work.ledger.entries(account, after, limit)


def _progress(done: int) -> None:
    if sys.stderr.isatty() and not sys.stdout.isatty() and done % 50 == 0:
        print(f"\r{done} …", end="", file=sys.stderr, flush=True)
