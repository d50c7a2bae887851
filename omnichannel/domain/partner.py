"""What the LAPOR gateway must know of us, as config and environment say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """What the gateway knows us by. `header` is `Authorization` (the key bare) or `auth` (with Bearer before it).

    `user_id` is the office's own account there: reports of people who did not choose to be named stand under it.
    `channel` 13 and 26 were seen; which one is ours, the developer account says. `search` is the path of a look-up by
    title, where the gateway offers one: no known client uses any.
    `institutions` and `categories` map our names to LAPOR's ids; a name without an id is left to LAPOR's own officers.
    """

    base_url: str
    key: str = field(repr=False)
    token: str = field(repr=False)
    user_id: str
    institution_id: str
    header: str = "Authorization"
    channel: int = 13
    location_id: str | None = None
    search: str | None = None
    institutions: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
