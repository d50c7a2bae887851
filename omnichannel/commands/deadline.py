"""`omnichannel deadline`: the clocks of a case, each date explained."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from omnichannel.commands.speech import ConfigFile, Language, data, two

if TYPE_CHECKING:
    from omnichannel.domain.deadline import Clock, Deadlines

Kind = Literal["information_request", "complaint", "aspiration", "objection", "dispute"]

KINDS = {
    "information_request": "Permohonan informasi",
    "complaint": "Pengaduan",
    "aspiration": "Aspirasi",
    "objection": "Keberatan",
    "dispute": "Sengketa informasi",
}
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "deadline",
        help=two(
            """Batas waktu sebuah perkara, hari demi hari.

            Waktu tanpa zona dibaca sebagai WITA; tanggal saja berarti pukul 00.00.

            \b
            Contoh:
              omnichannel deadline information_request 2026-12-17T14:05
              omnichannel deadline complaint 2026-12-17 --json""",
            """The legal clocks of a case, day by day.

            A time without an offset is WITA; a bare date is its first minute.

            \b
            Example:
              omnichannel deadline information_request 2026-12-17T14:05
              omnichannel deadline complaint 2026-12-17 --json""",
        ),
    )(deadline)


def deadline(
    kind: Annotated[
        Kind, typer.Argument(metavar="KIND", help=two("Jenis: ", "Kind: ") + ", ".join(KINDS), show_default=False)
    ],
    received: Annotated[
        str,
        typer.Argument(
            metavar="RECEIVED",
            help=two("Saat diterima, ISO 8601.", "When it was received, ISO 8601."),
            show_default=False,
        ),
    ],
    extended: Annotated[
        bool,
        typer.Option("--extended", help=two("Dengan perpanjangan 7 hari kerja.", "With the 7 more working days.")),
    ] = False,
    supervision: Annotated[
        bool,
        typer.Option("--supervision", help=two("Pengaduan berkadar pengawasan.", "A supervision complaint.")),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=two("Satu baris JSON.", "One JSON line."))] = False,
    config: ConfigFile = None,
    lang: Language = None,
) -> None:
    """One case's clocks on stdout. Invalid for a time nobody can read, or an option that the law does not give."""
    import os

    from omnichannel.domain.calendar import read_moment
    from omnichannel.domain.errors import Invalid
    from omnichannel.settings.load import load_legal_clocks
    from omnichannel.settings.source import Source

    clocks = load_legal_clocks(Source.find(config, os.environ))
    moment = read_moment(received, clocks.calendar.zone)
    try:
        found = clocks.for_case(kind, moment, extended=extended, supervision=supervision)
    except (OverflowError, ValueError) as error:
        raise Invalid(f"{received!r}: kalender tidak sampai ke sana.") from error
    if as_json:
        data(found.as_json())
    else:
        print("\n".join(table(found)))


def table(found: "Deadlines") -> list[str]:
    """The same for people, in Indonesian: the law's own language."""
    day = found.received
    lines = [
        f"{KINDS.get(found.kind, found.kind)}, diterima {WEEKDAYS[day.weekday()]} {day:%d-%m-%Y %H.%M} {day.tzname()}",
        f"Batas: {_long(found.main)}" + (" (sementara)" if found.provisional else ""),
    ]
    lines += [f"  Sementara: {why}" for why in found.why_provisional]
    for clock in found.clocks:
        lines += ["", *_clock(clock)]
    return lines


def _long(clock: "Clock") -> str:
    return f"{WEEKDAYS[clock.due.weekday()]} {clock.due:%d-%m-%Y}"


def _clock(clock: "Clock") -> list[str]:
    lines = [
        f"{clock.rule.title}: {_long(clock)} ({clock.rule.days} hari kerja sejak {clock.day_zero:%d-%m-%Y})",
        f"  Dasar: {clock.rule.basis}, berlaku sejak {clock.rule.valid_from:%d-%m-%Y}",
    ]
    if clock.note:
        lines.append(f"  {clock.note}")
    for rung in clock.ladder:
        weekday = WEEKDAYS[rung.day.weekday()]
        count = "–" if rung.off and rung.n != 0 else str(rung.n)
        off = "  akhir pekan" if rung.off == weekday else f"  {rung.off}" if rung.off else ""
        lines.append(f"  {count:>3}  {weekday:<6}  {rung.day:%d-%m-%Y}{off}")
    return lines
