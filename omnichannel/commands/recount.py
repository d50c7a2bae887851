"""`omnichannel recount`: lays open information requests on the calendar of today, and lists which due days moved."""

import typer

from omnichannel.commands.running import configured, run
from omnichannel.commands.speech import ConfigFile, Language, data, tell, two


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "recount",
        help=two(
            """Menghitung ulang batas waktu permohonan yang berjalan, misalnya setelah SKB hari libur berubah.

            Layanan melakukannya sendiri setiap pagi; perintah ini melakukannya sekarang dan mendaftar yang berpindah.

            \b
            Contoh:
              omnichannel recount""",
            """Counts the due days of running requests anew, for instance after the decree on holidays changed.

            The service does so by itself every morning; this does it now and lists what moved.

            \b
            Example:
              omnichannel recount""",
        ),
    )(recount)


def recount(config: ConfigFile = None, lang: Language = None) -> None:
    """A JSON line for each due day that moved."""

    async def moved() -> int:
        from omnichannel.app import open_house
        from omnichannel.workers.reminding import recount as laid_anew

        async with open_house(configured(config)) as house:
            moves = await laid_anew(house, two("Kalender kerja berubah.", "The calendar changed."))
        for move in moves:
            data({"number": move.number, "before": move.before.isoformat(), "after": move.after.isoformat()})
        return len(moves)

    count = run(moved())
    tell(f"{count} batas waktu berpindah.", f"{count} due days moved.")
