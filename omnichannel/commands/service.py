"""`omnichannel serve` and `omnichannel migrate`: the service itself, and the schema under it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from omnichannel.commands.running import configured, door, run, stopped, until_stopped
from omnichannel.commands.speech import WRONG, ConfigFile, Language, fail, tell, two

if TYPE_CHECKING:
    from omnichannel.settings.load import Config


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command(
        "serve",
        help=two(
            """Menjalankan layanan sampai dihentikan (Ctrl-C atau SIGTERM).

            \b
            Contoh:
              omnichannel serve --port 8080
              omnichannel serve --roles workers""",
            """Runs the service until it is stopped (Ctrl-C or SIGTERM).

            \b
            Example:
              omnichannel serve --port 8080
              omnichannel serve --roles workers""",
        ),
    )(serve)
    app.command(
        "migrate",
        help=two(
            """Membawa skema basis data ke versi ini; aman diulang.

            \b
            Contoh:
              omnichannel migrate --config /etc/omnichannel/omnichannel.toml""",
            """Brings the database's schema to this version; safe to repeat.

            \b
            Example:
              omnichannel migrate --config /etc/omnichannel/omnichannel.toml""",
        ),
    )(migrate)


def serve(
    host: Annotated[
        str | None,
        typer.Option(help=two("Alamat dengar; tanpa ini menurut [server].", "Listen here; else as [server] says.")),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help=two("Port; 0 memilih yang kosong.", "Port; 0 picks a free one.")),
    ] = None,
    roles: Annotated[
        str, typer.Option(metavar="web,workers", help=two("Peran proses ini.", "What this process does."))
    ] = "web,workers",
    config: ConfigFile = None,
    lang: Language = None,
) -> None:
    """Until a signal. BadConfig before anything starts; exit 1 when the port is taken."""
    from omnichannel.app import ROLES

    chosen = [one.strip() for one in roles.split(",") if one.strip()]
    if not chosen or any(one not in ROLES for one in chosen):
        raise fail(
            f"--roles: satu atau beberapa dari {','.join(ROLES)}, bukan {roles!r}.",
            f"--roles: one or more of {','.join(ROLES)}, not {roles!r}.",
            WRONG,
        )
    found = configured(config)
    where, number = host or found.server.host, found.server.port if port is None else port
    with door(where, number):
        until_stopped(_serving(found, config, where, number, chosen))
    stopped()


async def _serving(found: "Config", named: Path | None, host: str, port: int, roles: list[str]) -> None:
    """Again and again: each time with what the first-run guide has written down meanwhile."""
    from omnichannel.app import serve as service

    while True:
        settled = found.listening(host, port)
        port = await service(settled, host=host, port=port, roles=roles, ready=_ready, first=_first)
        found = configured(named)


def _first(where: str) -> None:
    tell(
        f"Belum ada petugas. Buka {where} untuk membuat administrator dan menghubungkan kanal pertama.",
        f"There is no staff yet. Open {where} to make the administrator and to connect the first channel.",
    )


def _ready(where: str) -> None:
    if where == "workers":
        tell("Pekerja berjalan. Ctrl-C menghentikan.", "The workers run. Ctrl-C stops them.")
    else:
        tell(f"Siap di {where}. Ctrl-C menghentikan.", f"Ready at {where}. Ctrl-C stops.")


def migrate(config: ConfigFile = None, lang: Language = None) -> None:
    """The schema of the configured database, made or brought up."""
    run(_migrate(configured(config)))
    tell("Skema basis data sudah mutakhir.", "The database's schema is up to date.")


async def _migrate(config: "Config") -> None:
    from omnichannel.app import open_records

    async with open_records(config):
        pass
