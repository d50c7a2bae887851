"""`omnichannel check`: the doctor. Every finding says what is so and, where it is bad, how to mend it."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from omnichannel.commands.running import configured, run
from omnichannel.commands.speech import FAILED, ConfigFile, Language, data, tell, two

if TYPE_CHECKING:
    from omnichannel.app import Records
    from omnichannel.domain.ports import Connector
    from omnichannel.settings.load import Config

PATIENCE = 20  # seconds for one account: long enough for a slow mail server, short enough to wait for
ROOM = 1024**3
LONGEST_AHEAD = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `mend` is empty when there is nothing to do."""

    check: str
    ok: bool
    found: str
    mend: str = ""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "check",
        help=two(
            """Memeriksa pengaturan, basis data, disk, jam, setiap akun, dan alamat webhook.

            \b
            Contoh:
              omnichannel check --config config/omnichannel.toml""",
            """Looks at configuration, database, disk, clock, every account and the webhook address.

            \b
            Example:
              omnichannel check --config config/omnichannel.toml""",
        ),
    )(check)


def check(config: ConfigFile = None, lang: Language = None) -> None:
    """Findings for people on stderr, as JSON lines on stdout where no person reads it; exit 1 when any is bad."""
    if not run(_check(configured(config))):
        raise typer.Exit(FAILED)


async def _check(config: "Config") -> bool:
    well = True
    async for finding in findings(config):
        well = well and finding.ok
        mend = f" → {finding.mend}" if finding.mend else ""
        mark = two("baik ", "well ") if finding.ok else two("BURUK", "BAD  ")
        print(f"{mark}  {finding.check}: {finding.found}{mend}", file=sys.stderr, flush=True)
        if not sys.stdout.isatty():
            data(asdict(finding))
    tell("Semua baik." if well else "Ada yang perlu dibenahi.", "All is well." if well else "Something needs mending.")
    return well


async def findings(config: "Config") -> AsyncIterator[Finding]:
    """One after another, cheapest first."""
    where = str(config.source.main) if config.source.main else two("bawaan paket", "the defaults of the package")
    yield Finding("config", True, where)
    yield _lapor(config)
    if config.office.letters.arms or config.office.letters.fonts:
        yield await asyncio.to_thread(_letters, config)
    yield await asyncio.to_thread(_disk, config.server.data)
    yield _clock(datetime.now(UTC))
    async for finding in _database(config):
        yield finding
    yield _webhooks(config)
    for finding in await asyncio.gather(*(_account(config, account.name) for account in config.accounts)):
        yield finding


def _lapor(config: "Config") -> Finding:
    from omnichannel.app import forwarder_for
    from omnichannel.domain.errors import BadConfig

    try:
        return Finding("lapor", True, forwarder_for(config).way)
    except BadConfig as error:
        return Finding("lapor", False, str(error), two("ubah lapor.way", "change lapor.way"))


def _letters(config: "Config") -> Finding:
    """What a letter leaves out in silence is told here: a coat of arms or a font that cannot be used."""
    from omnichannel.printing.printer import unusable

    wrong = unusable(config.office.letters)
    if wrong:
        mend = two(
            "betulkan jalur di [letters], atau pakai PNG, JPEG, dan TrueType",
            "mend the path in [letters], or use PNG, JPEG and TrueType",
        )
        return Finding("letters", False, ", ".join(wrong), mend)
    return Finding("letters", True, two("lambang dan huruf terbaca", "coat of arms and fonts can be read"))


def _disk(folder: Path) -> Finding:
    """A file is really written: permissions alone do not say that a disk takes one."""
    there = next((one for one in (folder, *folder.resolve().parents) if one.is_dir()), Path())
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".omnichannel-check-") as probe:
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        mend = two(f"beri hak tulis pada {there}", f"let us write to {there}")
        return Finding("disk", False, f"{folder}: {error.strerror}", mend)
    free = shutil.disk_usage(there).free
    found = two(f"{folder}, sisa {free / ROOM:.1f} GB", f"{folder}, {free / ROOM:.1f} GB free")
    if free < ROOM:
        return Finding(
            "disk", False, found, two("kosongkan disk atau pindahkan data_dir", "free the disk or move data_dir")
        )
    return Finding("disk", True, found)


def _clock(now: datetime) -> Finding:
    """A clock that runs before the day this program was put here would give every case a wrong deadline."""
    here = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    ahead = now > here + LONGEST_AHEAD
    found = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if now < here - timedelta(days=1) or ahead:
        return Finding("clock", False, found, two("setel jam mesin, misalnya dengan NTP", "set the clock, say by NTP"))
    return Finding("clock", True, found)


async def _database(config: "Config") -> AsyncIterator[Finding]:
    """Whether it answers, has our schema, agrees with our clock, and has anybody who may log in."""
    from omnichannel.app import open_records
    from omnichannel.domain.errors import OmnichannelError

    url = config.database_url
    name = url.removeprefix("sqlite:///") if url.startswith("sqlite") else _bare(url)
    migrate = two("jalankan: omnichannel migrate", "run: omnichannel migrate")
    # To look must not make one.
    if url.startswith("sqlite") and not await asyncio.to_thread(Path(name).exists):
        yield Finding("database", False, two(f"{name} belum ada", f"{name} does not exist yet"), migrate)
        return
    try:
        async with asyncio.timeout(PATIENCE), open_records(config, migrate=False) as records:
            if not await records.store.schema_ready():
                yield Finding(
                    "database", False, two(f"{name}: skema belum mutakhir", f"{name}: schema not up to date"), migrate
                )
                return
            yield Finding("database", True, name)
            yield await _time(records)
            yield await _staff(records)
    except (OmnichannelError, OSError) as error:
        mend = two(
            "periksa OMNI_DATABASE_URL dan OMNI_REDIS_URL, dan apakah servernya berjalan",
            "look at OMNI_DATABASE_URL and OMNI_REDIS_URL, and whether the server runs",
        )
        yield Finding("database", False, f"{name}: {str(error) or type(error).__name__}", mend)


def _bare(url: str) -> str:
    """The address without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


async def _time(records: "Records") -> Finding:
    """What is stored already happened; a clock before it went backwards."""
    states = await records.store.read(lambda work: work.accounts.all())
    last = max((state.last_in_at for state in states if state.last_in_at is not None), default=None)
    now = records.clock.now()
    if last is not None and last > now + timedelta(minutes=5):
        mend = two("setel jam mesin, misalnya dengan NTP", "set the clock, say by NTP")
        return Finding(
            "clock",
            False,
            two(f"pesan terakhir dari {last:%Y-%m-%d %H:%M} UTC", f"last message of {last:%Y-%m-%d %H:%M} UTC"),
            mend,
        )
    return Finding("clock", True, two("tidak mundur dari isi basis data", "not behind what is stored"))


async def _staff(records: "Records") -> Finding:
    from omnichannel.domain.people import Role

    people = await records.store.read(lambda work: work.people.all())
    bosses = [one for one in people if one.role is Role.ADMINISTRATOR and one.disabled_at is None]
    found = two(
        f"{len(people)} akun, {len(bosses)} administrator", f"{len(people)} accounts, {len(bosses)} administrators"
    )
    first = 'omnichannel staff add LOGIN --name "…" --role administrator --password-stdin'
    # Not bad by itself: a new house has nobody yet.
    return Finding(
        "staff", True, found, "" if bosses else two(f"buat yang pertama: {first}", f"make the first: {first}")
    )


def _webhooks(config: "Config") -> Finding:
    """Platforms deliver only to a public address with TLS."""
    told = [account.name for account in config.accounts if account.options.get("mode") == "webhook"]
    url = urlsplit(config.office.public_url)
    if not told:
        return Finding("webhook", True, two("tidak ada akun yang memakainya", "no account uses it"))
    found = f"{config.office.public_url}/hooks/{told[0]}"
    if url.scheme != "https" or url.hostname in ("localhost", "127.0.0.1", "::1", "0.0.0.0"):
        mend = two(
            'isi server.public_url dengan alamat https yang terlihat dari internet, atau pakai mode = "poll"',
            'set server.public_url to an https address seen from the internet, or use mode = "poll"',
        )
        return Finding("webhook", False, found, mend)
    return Finding("webhook", True, found)


async def _account(config: "Config", name: str) -> Finding:
    from omnichannel.app import connectors_for
    from omnichannel.domain.errors import AccountBroken, OmnichannelError

    account = next(one for one in config.accounts if one.name == name)
    connector = connectors_for([account], config.office.public_url)[name]
    label = f"{name} ({account.channel})"
    try:
        async with asyncio.timeout(PATIENCE):
            return Finding("account", True, f"{label}: {await _opened(connector)}")
    except AccountBroken as error:
        mend = two(f"perbarui rahasia OMNI_{_environment(name)}_…", f"renew the secrets OMNI_{_environment(name)}_…")
        return Finding("account", False, f"{label}: {error.reason}", mend)
    except (OmnichannelError, TimeoutError, OSError) as error:
        why = str(error) or two("tidak menjawab", "no answer")
        mend = two("periksa alamatnya, jaringan, dan proksi", "look at its address, the network and the proxy")
        return Finding("account", False, f"{label}: {why}", mend)
    finally:
        await connector.close()


async def _opened(connector: "Connector") -> str:
    from omnichannel.domain.ports import Probe

    await connector.open()
    return await connector.probe() if isinstance(connector, Probe) else two("diterima", "accepted")


def _environment(name: str) -> str:
    from omnichannel.settings.accounts import environment_name

    return environment_name(name)
