"""What may be done on a surface, and why not: one place for the screen, the story and the automatic notice."""

from datetime import datetime, timedelta

from omnichannel.domain.channel import Capabilities, Late, Surface
from omnichannel.domain.conversation import Allowance, Conversation
from omnichannel.domain.outreach import PrivateAnswer, Sight, Veil
from omnichannel.domain.records import Direction, Message

NO_ACCOUNT = "Akun kanal ini tidak ada lagi di konfigurasi."
NO_COMMENT = "Hanya komentar warga di tempat umum."
WITHDRAWN = "Komentar ini sudah ditarik warga."
NO_PRIVATE = "Kanal ini tidak mengizinkan balasan pribadi atas komentar."
USED_UP = (
    "Komentar ini sudah dibalas secara pribadi; kanal mengizinkan sekali saja. Lanjutkan di sana begitu warga membalas."
)
NO_HIDING = "Kanal ini tidak dapat menyembunyikan komentar."
HIDDEN_ALREADY = "Komentar ini sudah disembunyikan."
SHOWN_ALREADY = "Komentar ini terlihat oleh semua orang."


def private_answer(can: Capabilities | None, comment: Message, given: PrivateAnswer | None, now: datetime) -> Allowance:
    """Whether this comment may be answered by one direct message, and until when."""
    refused = _no_comment(can, comment)
    if refused is not None or can is None:
        return Allowance(allowed=False, reason=refused)
    if not can.private_reply or can.private is None:
        return Allowance(allowed=False, reason=NO_PRIVATE)
    if given is not None:
        return Allowance(allowed=False, reason=USED_UP)
    if can.private_window is None:
        return Allowance(allowed=True)
    until = comment.sent_at + can.private_window
    if now < until:
        return Allowance(allowed=True, until=until)
    days = can.private_window // timedelta(days=1)
    return Allowance(
        allowed=False,
        until=until,
        reason=f"Komentar ini lebih dari {days} hari; tidak dapat lagi dibalas secara pribadi.",
    )


def hiding(can: Capabilities | None, comment: Message, veil: Veil | None) -> Allowance:
    """Whether this comment may be taken out of everybody's sight."""
    refused = _no_comment(can, comment)
    if refused is None and can is not None and not can.hide:
        refused = NO_HIDING
    if refused is None and veil is not None and veil.error is None and veil.sight in (Sight.HIDING, Sight.HIDDEN):
        refused = HIDDEN_ALREADY
    return Allowance(allowed=refused is None, reason=refused)


def showing(can: Capabilities | None, comment: Message, veil: Veil | None) -> Allowance:
    """Whether a hidden comment may be brought back."""
    refused = _no_comment(can, comment)
    if refused is None and can is not None and not can.hide:
        refused = NO_HIDING
    if refused is None and (veil is None or veil.sight in (Sight.SHOWN, Sight.SHOWING)):
        refused = SHOWN_ALREADY
    return Allowance(allowed=refused is None, reason=refused)


def template(can: Capabilities | None, conversation: Conversation, now: datetime) -> bool:
    """Whether the reply window has shut on a channel that still takes an approved text."""
    if can is None or can.late is not Late.TEMPLATE or conversation.surface is not Surface.DIRECT:
        return False
    return not conversation.may_answer(can, now).allowed


def is_late(can: Capabilities | None, conversation: Conversation, now: datetime) -> bool:
    """Whether an answer leaves now only because a person gives it."""
    allowance = conversation.may_answer(can, now) if can is not None else None
    return allowance is not None and allowance.allowed and allowance.late is Late.HUMAN_TAG


def _no_comment(can: Capabilities | None, comment: Message) -> str | None:
    if can is None:
        return NO_ACCOUNT
    if comment.direction is not Direction.IN or comment.surface is not Surface.PUBLIC:
        return NO_COMMENT
    return WITHDRAWN if comment.withdrawn_at is not None else None
