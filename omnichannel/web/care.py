"""What is wrong with our accounts, in words for whoever can mend it: the banner of every page, and the channels page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from omnichannel.domain.care import Care, Expiry, days_left, expiry
from omnichannel.domain.channel import Health
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.work import AccountState

TOLD_EVERYWHERE = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})

BROKEN = (
    "Kanal menolak akun kita. Periksa token dan izin akun ini di lingkungan layanan, lalu jalankan “omnichannel check”."
)
DYING = "Buat token baru di kanal, pasang di lingkungan layanan, lalu mulai ulang. Token yang sudah mati menghentikan kiriman."
SILENT = "Periksa di kanal apakah pesan warga masih masuk dan apakah alamat webhook masih terpasang. Peringatan ini hilang sendiri begitu ada pesan."


@dataclass(frozen=True, slots=True)
class Trouble:
    """`what` has {akun}, {saat} and {n} to be filled in; `loud` ones stand on every page of whoever can mend them."""

    account: str
    tone: str
    sign: str
    what: str
    mend: str
    loud: bool = True
    at: datetime | None = None
    n: int = 0
    says: str = ""


def troubles(
    states: Sequence[AccountState], cares: Mapping[str, Care], configured: Collection[str], now: datetime
) -> list[Trouble]:
    """The worst first."""
    found: list[Trouble] = []
    known = {state.account: state for state in states}
    for account in configured:
        state, care = known.get(account), cares.get(account, Care(account=account))
        if state is not None and state.health is Health.BROKEN:
            found.append(
                Trouble(account, "danger", "x", "{akun} berhenti", BROKEN, at=state.checked_at, says=state.error or "")
            )
        else:
            found += _silent(care)
        found += _dying(care, now)
    return sorted(found, key=lambda one: (one.tone != "danger", not one.loud))


def shown_to(staff: Staff) -> bool:
    """Whoever can mend an account, or have it mended."""
    return staff.role in TOLD_EVERYWHERE


def _dying(care: Care, now: datetime) -> list[Trouble]:
    near, until = expiry(care.expires_at, now), care.expires_at
    if near is Expiry.FAR or until is None:
        return []
    if near is Expiry.OVER:
        return [Trouble(care.account, "danger", "clock", "Token {akun} sudah habis", DYING, at=until)]
    tone = "danger" if near is Expiry.LOUD else "warn"
    left = days_left(until, now)
    return [Trouble(care.account, tone, "clock", "Token {akun} habis {n} hari lagi", DYING, at=until, n=left)]


def _silent(care: Care) -> list[Trouble]:
    if care.quiet_since is None:
        return []
    return [
        Trouble(
            care.account,
            "warn",
            "alert",
            "{akun} sunyi sejak {saat}, tidak seperti biasanya",
            SILENT,
            at=care.quiet_since,
        )
    ]
