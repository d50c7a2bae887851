"""`omnichannel export`: registers and lists of a span of days, as XLSX, CSV or PDF."""

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from omnichannel.commands.running import configured, run
from omnichannel.commands.speech import ConfigFile, Language, tell, two

if TYPE_CHECKING:
    from omnichannel.settings.load import Config

What = Literal["permohonan", "keberatan", "lapor", "cases", "conversations"]
Written = Literal["xlsx", "csv", "pdf"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "export",
        help=two(
            """Register dan daftar dalam rentang tanggal (tanggal diterima, WITA), ke stdout atau ke berkas.

            \b
            Contoh:
              omnichannel export permohonan --from 2026-01-01 --to 2026-12-31 --format xlsx --output register.xlsx
              omnichannel export keberatan --from 2026-01-01 --to 2026-12-31 --format csv""",
            """Registers and lists of a span of days (day of receipt, WITA), on stdout or into a file.

            \b
            Example:
              omnichannel export permohonan --from 2026-01-01 --to 2026-12-31 --format xlsx --output register.xlsx
              omnichannel export keberatan --from 2026-01-01 --to 2026-12-31 --format csv""",
        ),
    )(export)


def export(
    what: Annotated[
        What, typer.Argument(metavar="WHAT", help="permohonan | keberatan | lapor | cases | conversations")
    ],
    since: Annotated[str, typer.Option("--from", help=two("Hari pertama, TTTT-BB-HH.", "First day, YYYY-MM-DD."))],
    until: Annotated[str, typer.Option("--to", help=two("Hari terakhir, ikut terhitung.", "Last day, included."))],
    format: Annotated[Written, typer.Option("--format", help="xlsx | csv | pdf")] = "xlsx",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=two("Berkas tujuan.", "The file to write."))
    ] = None,
    config: ConfigFile = None,
    lang: Language = None,
) -> None:
    """Rows are read page by page, so a large register takes no more memory than a small one."""
    first, last = _day(since, "--from"), _day(until, "--to")
    if output is None and sys.stdout.isatty() and format != "csv":
        output = Path(f"{what}-{first}-{last}.{format}")
    count = run(_export(configured(config), what, first, last, format, output))
    tell(f"{count} baris ditulis.", f"{count} rows were written.")


async def _export(config: "Config", what: str, first: date, last: date, format: str, output: Path | None) -> int:
    from omnichannel.app import open_records
    from omnichannel.domain.printing import Format
    from omnichannel.domain.work import Actor
    from omnichannel.printing.printer import OfficePrinter
    from omnichannel.router import extracts
    from omnichannel.router.desk import Desk

    desk = Desk(
        office=config.office,
        organisation=config.organisation,
        clocks=config.clocks,
        ability=lambda account, surface: None,
    )
    extract, span = extracts.EXTRACTS[what], extracts.span_of(first, last, config.office.zone)
    async with open_records(config) as records:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sheet"
            head = extract.head(desk, first, last)
            with OfficePrinter(config.office.letters).sheet(path, Format(format), head) as sheet:
                count = await extracts.write_out(records.store, desk, extract, span, sheet)
            now, who = records.clock.now(), Actor("machine:export", "omnichannel export")
            await records.store.write(lambda work: extracts.note(work, who, what, first, last, format, now))
            _deliver(path, output)
    return count


def _deliver(path: Path, output: Path | None) -> None:
    if output is not None and str(output) != "-":
        shutil.copyfile(path, output)
        return
    with path.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            two(f"{text!r} bukan tanggal TTTT-BB-HH.", f"{text!r} is no day YYYY-MM-DD."), param_hint=option
        ) from None
