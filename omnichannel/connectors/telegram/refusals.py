"""What the Bot API's refusals mean, and who can mend them.

Codes and parameters: https://core.telegram.org/bots/api#making-requests and #responseparameters (2026-11-22). The API
names a recipient's trouble only in English prose (`words.REFUSALS`).
"""

from omnichannel.connectors.telegram.api import Rejection
from omnichannel.connectors.telegram.words import REFUSALS
from omnichannel.domain.errors import AccountBroken, OmnichannelError, Refused, TooLong, TryLater, Unsure

HOOKED = "Bot ini sedang disambungkan ke webhook di tempat lain, sehingga pesannya tidak dapat diambil dari sini."
SHARED = "Program lain mengambil pesan dengan token bot yang sama. Hentikan yang satu, lalu periksa akun ini lagi."


def of_asking(rejection: Rejection) -> OmnichannelError:
    """Polling, fetching, probing: nothing was changed, so trouble at their side is only a delay."""
    common = _ours(rejection)
    if common is not None:
        return common
    if rejection.status in (400, 413):
        return Refused(_in_words(rejection), code=str(rejection.status))
    return TryLater(f"Telegram terganggu ({rejection.status}).", after=rejection.retry_after)


def of_sending(rejection: Rejection) -> OmnichannelError:
    """A 5xx may come after the message went through: their word is needed, and it did not come."""
    common = _ours(rejection)
    if common is not None:
        return common
    if rejection.status in (400, 403, 413) and rejection.description:
        if "too long" in rejection.description.lower():
            return TooLong("Pesan lebih panjang daripada yang diizinkan Telegram.", code=str(rejection.status))
        return Refused(_in_words(rejection), code=str(rejection.status))
    if rejection.status == 413:
        return Refused("Berkas terlalu besar untuk Telegram.", code="413")
    return Unsure(
        f"Telegram tidak memberi jawaban yang jelas ({rejection.status}). Periksa di Telegram apakah pesan sampai."
    )


def _ours(rejection: Rejection) -> OmnichannelError | None:
    """What speaks of our own account, whatever we asked."""
    if rejection.status == 429:
        return TryLater("Telegram meminta kita menunggu.", after=rejection.retry_after)
    if rejection.status in (401, 404):
        return AccountBroken(
            "Telegram menolak token bot ini. Buat token baru di @BotFather.", code=str(rejection.status)
        )
    if rejection.status == 409:
        hooked = "webhook" in rejection.description.lower()
        return AccountBroken(HOOKED if hooked else SHARED, code="webhook" if hooked else "shared")
    if 300 <= rejection.status < 400:
        return AccountBroken(f"Alamat server Telegram mengalihkan ({rejection.status}). Periksa base_url.")
    return None


def _in_words(rejection: Rejection) -> str:
    said = rejection.description.lower()
    known = next((words for sign, words in REFUSALS if sign in said), None)
    return known or f"Telegram menolak: {rejection.description[:200] or rejection.status}"
