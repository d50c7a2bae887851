"""`omnichannel parse`: what a raw payload means, one JSON line a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omnichannel.commands.speech import FAILED, WRONG, ConfigFile, Language, data, fail, two

if TYPE_CHECKING:
    from omnichannel.domain.ports import Connector


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "parse",
        help=two(
            """Arti sebuah muatan mentah: satu baris JSON per berkas.

            Berkas: badan webhook mentah atau satu Update Bot API, juga terbungkus rekaman alat lain atau satu per
            baris; untuk mail, byte RFC 5322. - berarti stdin.

            \b
            Contoh:
              omnichannel parse telegram update.json
              omnichannel parse mail - < surat.eml""",
            """What a raw payload means: one JSON line a file.

            A file is the raw webhook body or one Bot API update, also within another tool's recording or one a
            line; for mail the RFC 5322 bytes. - is stdin.

            \b
            Example:
              omnichannel parse telegram update.json
              omnichannel parse mail - < letter.eml""",
        ),
    )(parse)


def parse(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="telegram, mail, sandbox, …", show_default=False)],
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help=two("Berkas; -: stdin.", "Files; -: stdin."), show_default=False),
    ],
    config: ConfigFile = None,
    lang: Language = None,
) -> None:
    """Every file is read, whatever became of the one before; exit 1 at the end when one could not be."""
    connector = _connector(channel, config)
    bad = 0
    for file in files:
        answer = {"file": file, **_meaning(connector, file)}
        bad += answer["error"] is not None
        data(answer)
    if bad:
        raise typer.Exit(FAILED)


def _connector(channel: str, config: Path | None) -> "Connector":
    """The channel's connector; our own address is known to it only where --config names an account."""
    import os

    from omnichannel.connectors import catalogue
    from omnichannel.domain.channel import Channel
    from omnichannel.domain.office import Account
    from omnichannel.settings.load import load

    built = sorted(one.value for one in catalogue.BUILDERS)
    if channel not in built:
        raise fail(
            f"Kanal {channel!r} belum ada; yang ada: {', '.join(built)}.",
            f"There is no channel {channel!r} yet; there is {', '.join(built)}.",
            WRONG,
        )
    mine = (one for one in load(config, os.environ).accounts if one.channel == channel) if config else iter(())
    account = next(mine, Account(name=channel, channel=Channel(channel)))
    return catalogue.build(account, public_url="")


def _meaning(connector: "Connector", file: str) -> dict[str, Any]:
    """Its events, and why it (or a part of it) could not be read."""
    from omnichannel.domain.ports import Raw
    from omnichannel.inbox.receive import read

    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        return {"events": [], "error": error.strerror or type(error).__name__}
    except ValueError as error:  # A name with a NUL in it.
        return {"events": [], "error": str(error)}
    events = read(connector, Raw(body=body, headers={}))
    problems = list(dict.fromkeys(event.problem for event in events if event.problem is not None))
    return {
        # What has no id of its own is no event, only bytes that nobody could read.
        "events": [event.as_json() for event in events if event.external_id],
        "error": "; ".join(problems) or None,
    }
