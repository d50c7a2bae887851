"""`[lapor]`: how reports reach SP4N-LAPOR!, and what its gateway knows us by."""

from collections.abc import Mapping

from omnichannel.domain.errors import BadConfig
from omnichannel.domain.partner import Partner
from omnichannel.settings.office import lapor_section
from omnichannel.settings.rows import Row
from omnichannel.settings.source import Source

GATEWAY = {
    "api": "https://api-splp.layanan.go.id/lapor/3.0.0",
    "sandbox": "https://api-splp.layanan.go.id/sandbox-konsolidasi/1.0",
}
HEADERS = ("Authorization", "auth")


def load_partner(main: Row, source: Source) -> Partner | None:
    """None for the ways that need no key. BadConfig for a missing key, token, account or address."""
    row = lapor_section(main)
    way = row.text("way", "sheet")
    if way not in GATEWAY:
        return None
    header = row.text("header", HEADERS[0])
    if header not in HEADERS:
        row.wrong("header", " or ".join(f'"{one}"' for one in HEADERS))
    base = row.text("base_url", GATEWAY[way]).rstrip("/")
    if "@" in base or not base.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
        raise BadConfig(row.file, row.path("base_url"), "an https address without user or password")
    return Partner(
        base_url=base,
        key=_secret(source, "OMNI_LAPOR_KEY", row.file),
        token=_secret(source, "OMNI_LAPOR_TOKEN", row.file),
        user_id=row.text("user_id"),
        institution_id=row.text("institution_id"),
        header=header,
        channel=row.number("channel", range(1, 1000), 13),
        location_id=row.optional_text("location_id"),
        search=row.optional_text("search"),
        institutions=_ids(row, "institutions"),
        categories=_ids(row, "categories"),
    )


def _secret(source: Source, name: str, file: str) -> str:
    found = source.variable(name)
    if found is None:
        raise BadConfig("environment", name, f"the gateway's secret for [lapor] ({file}), or {name}_FILE")
    return found


def _ids(row: Row, key: str) -> Mapping[str, str]:
    """Our name → LAPOR's id, as a table of its own."""
    table = row.raw(key)
    if table is None:
        return {}
    if not isinstance(table, Mapping) or not all(
        isinstance(one, str | int) and str(one).strip() for one in table.values()
    ):
        row.wrong(key, 'a table such as {"Dinas Perhubungan" = "503"}')
    return {str(name): str(one).strip() for name, one in table.items()}
