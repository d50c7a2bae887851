"""`omnichannel demo`: the product with no account anywhere."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from omnichannel.commands.running import door, stopped, until_stopped
from omnichannel.commands.speech import ConfigFile, Language, data, tell, two

if TYPE_CHECKING:
    from omnichannel.demo import Stage

HOST = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "demo",
        help=two(
            """Seluruh aplikasi dengan warga mainan, tanpa akun di mana pun.

            \b
            Contoh:
              omnichannel demo
              omnichannel demo --port 9000 --data contoh""",
            """The whole product with make-believe citizens, no account anywhere.

            \b
            Example:
              omnichannel demo
              omnichannel demo --port 9000 --data example""",
        ),
    )(demo)


def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=two("Port; 0 memilih yang kosong.", "Port; 0 picks a free one."))
    ] = 8080,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            file_okay=False,
            help=two(
                "Folder data yang disimpan; tanpa ini folder sementara.", "A folder to keep; else a temporary one."
            ),
        ),
    ] = None,
    config: ConfigFile = None,
    lang: Language = None,
) -> None:
    """Until a signal."""
    from omnichannel import logs
    from omnichannel.demo import play

    logs.set_up(level=logs.WARNING)
    tell("Menyiapkan sebulan riwayat …", "Preparing a month of history …")
    with door(HOST, port):
        if folder is not None:
            until_stopped(play(folder, port, _ready, config=config))
        else:
            with tempfile.TemporaryDirectory(prefix="omnichannel-demo-", ignore_cleanup_errors=True) as fresh:
                until_stopped(play(Path(fresh), port, _ready, config=config))
    stopped()


def _ready(stage: "Stage") -> None:
    data(stage.as_json())
    tell(f"\nSiap di {stage.url}\n", f"\nReady at {stage.url}\n")
    for account, url in stage.toys.items():
        tell(f"  Sisi warga {account}: {url}", f"  The citizens' side of {account}: {url}")
    tell("\n  Masuk sebagai:", "\n  Log in as:")
    for login in stage.logins:
        tell(
            f"    {login.role:<14} {login.login:<12} {login.password}",
            f"    {login.role:<14} {login.login:<12} {login.password}",
        )
    tell("\nCtrl-C menghentikan.", "\nCtrl-C stops.")
