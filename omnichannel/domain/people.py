"""Citizens as channels know them, and the staff who answer them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from omnichannel.domain.errors import Invalid

LOGIN_LONGEST = 100


class Role(StrEnum):
    """What a staff member is here for."""

    AGENT = "agent"
    PPID = "ppid"
    UNIT = "unit"
    LAPOR = "lapor"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A citizen as one account knows them. `external_id` is the platform's opaque id; the rest are attributes."""

    id: int
    account: str
    external_id: str
    name: str | None = None
    handle: str | None = None
    phone: str | None = None
    address: str | None = None
    person_id: int | None = None

    @property
    def label(self) -> str:
        """How staff see them in a list. Messenger and Instagram tell no name: the tail of the id tells two of them apart."""
        known = self.name or (f"@{self.handle}" if self.handle else None) or self.address or self.phone
        return known or f"Warga …{self.external_id[-4:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody with a login. `unit` is the key of their unit in organisation.toml; None: the whole office."""

    id: int
    login: str
    name: str
    role: Role
    unit: str | None = None
    disabled_at: datetime | None = None
    lang: str = "id"

    @property
    def initial(self) -> str:
        return (self.name.strip() or self.login)[:1].upper()


def login_of(text: str) -> str:
    """A login as it is kept. Invalid: empty, too long, with blanks."""
    wanted = text.strip().lower()
    if not wanted or len(wanted) > LOGIN_LONGEST or any(one.isspace() or not one.isprintable() for one in wanted):
        raise Invalid("Nama masuk: 1 sampai 100 huruf tanpa spasi.")
    return wanted
