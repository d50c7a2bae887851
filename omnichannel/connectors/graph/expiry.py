"""When a token of Meta's dies: its own end, or the end of its right to read people's data, whichever comes first."""

from datetime import UTC, datetime

from omnichannel.connectors.graph.api import Graph
from omnichannel.connectors.reading import part, whole
from omnichannel.domain.errors import AccountBroken, Refused, TryLater


async def expires(graph: Graph) -> datetime | None:
    """None where it never dies (0), or where this token may not ask about itself.

    developers.facebook.com/docs/graph-api/reference/debug_token (2026-11): `expires_at` and `data_access_expires_at` are
    seconds since 1970; a system user's token has 0 for both.
    """
    if not graph.access_token:
        return None
    try:
        said = part(await graph.ask(f"{graph.version}/debug_token", {"input_token": graph.access_token}), "data")
    except (Refused, AccountBroken, TryLater):
        return None  # The probe itself says whether the account works; this only asks until when.
    ends = [one for one in (whole(said, "expires_at"), whole(said, "data_access_expires_at")) if one]
    try:
        return datetime.fromtimestamp(min(ends), tz=UTC) if ends else None
    except (ValueError, OverflowError, OSError):
        return None
