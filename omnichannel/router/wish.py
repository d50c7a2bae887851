"""What a citizen wishes for their report: whether it goes to SP4N-LAPOR!, and under whose name. In one or two words.

Only in private, only of the one report that is on their mind there, and only while the wish can still be granted: what
has been sent is a person's business. Anything longer than a wish is a message like any other.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from omnichannel.domain.case import Case
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.forwarding import Forward, ForwardState
from omnichannel.domain.outbox import notify
from omnichannel.domain.work import Actor, Message, Work
from omnichannel.router.decide import supervision
from omnichannel.router.desk import Desk
from omnichannel.router.forward import by_itself, put

MOST_WORDS = 6
COURTESY = re.compile(
    r"\b(?:kak|min|pak|bu|bapak|ibu|admin|mas|mbak|bang|gan|tolong|mohon|dong|aja|saja|terima kasih|makasih|mksh)\b"
)
YES = re.compile(
    r"(?:i?ya+h?|y|boleh|setuju|silak?an|silahkan|oke?|okay|lanjut(?:kan)?|teruskan|yes|bersedia)(?: (?:boleh|setuju|silakan|diteruskan|teruskan|lanjut(?:kan)?))?"
)
NO = re.compile(r"(?:tidak|tdk|gak?|ng?gak|nda[k]?|jangan|no|ora|kada)(?: (?:setuju|boleh|usah|mau|bersedia|jadi))?")
STOP = re.compile(
    r"(?:jangan|tidak (?:usah|perlu|mau)|gak (?:usah|mau)) (?:di)?(?:teruskan|lapor(?:kan)?)(?: (?:ke )?(?:sp4n )?lapor)?|(?:saya )?keberatan(?: diteruskan)?|batal(?:kan)? (?:lapor|terus(?:an|kan)?)"
)
ANONYMOUS = re.compile(
    r"anonim(?:us)?|tanpa nama|jangan sebut(?:kan)? nama(?: saya)?|sembunyikan (?:nama|identitas)(?: saya)?"
)
SECRET = re.compile(r"(?:di)?rahasia(?:kan)?")
NAMED = re.compile(r"(?:pakai|pake|sebut(?:kan)?|cantumkan) nama(?: saya)?|nama saya boleh(?: disebut(?:kan)?)?")
OPEN = (ForwardState.ASKING, ForwardState.WAITING, ForwardState.HELD)


@dataclass(frozen=True, slots=True)
class Wish:
    """`go` is the answer to whether it may be forwarded; None: not spoken of."""

    go: bool | None = None
    named: bool | None = None
    secret: bool = False

    def __bool__(self) -> bool:
        return self.go is not None or self.named is not None or self.secret


def read(text: str, *, asked: bool) -> Wish:
    """The wish that the whole text is; an empty one for anything else. A bare yes or no counts only where we asked."""
    words = re.sub(r"[^\w ]+", " ", text.casefold())
    if not words.strip() or len(words.split()) > MOST_WORDS:
        return Wish()
    wish, rest = Wish(), " ".join(words.split())
    for pattern, change in (
        (STOP, {"go": False}),
        (NAMED, {"named": True}),
        (ANONYMOUS, {"named": False}),
        (SECRET, {"secret": True}),
    ):
        found = pattern.search(rest)
        if found is not None:
            wish = replace(wish, **change)
            rest = " ".join(f"{rest[: found.start()]} {rest[found.end() :]}".split())
    if asked and wish.go is None:
        if NO.fullmatch(rest):
            return replace(wish, go=False)
        if YES.fullmatch(rest) or (not rest and wish):
            return replace(wish, go=True)
        rest = " ".join(COURTESY.sub(" ", rest).split())
        if NO.fullmatch(rest) or YES.fullmatch(rest):
            return replace(wish, go=YES.fullmatch(rest) is not None)
    rest = COURTESY.sub(" ", re.sub(r"\b(?:dan|serta|dengan|i?ya+|saya|laporan|nama|identitas)\b", " ", rest))
    return wish if not rest.strip() else Wish()


def answered(work: Work, desk: Desk, conversation: Conversation, message: Message, now: datetime) -> bool:
    """True when the message was such a wish and was granted."""
    if conversation.surface is not Surface.DIRECT or message.files:
        return False
    found = _on_their_mind(work, conversation)
    if found is None:
        return False
    case, forward = found
    wish = read(message.text, asked=forward.state is ForwardState.ASKING)
    if not wish:
        return False
    granted = _grant(work, desk, case, forward, wish, message, now)
    able = desk.ability(conversation.account, conversation.surface)
    text = desk.office.notice("pilihan_lapor", nomor=case.number, pilihan=granted)
    notify(work, conversation, text, key=f"wish:{message.id}", capabilities=able, now=now)
    return True


def _on_their_mind(work: Work, conversation: Conversation) -> tuple[Case, Forward] | None:
    """The report we asked of, else the only one whose way can still be changed."""
    rows = [(case, work.forwards.get(case.id)) for case in work.cases.of_conversation(conversation.id)]
    found = [(case, row) for case, row in rows if row is not None and row.state in OPEN and case.state.running]
    asked = [one for one in found if one[1].state is ForwardState.ASKING]
    if asked:
        return asked[-1]
    return found[0] if len(found) == 1 else None


def _grant(work: Work, desk: Desk, case: Case, forward: Forward, wish: Wish, message: Message, now: datetime) -> str:
    """Write it down; returns in words what now holds."""
    watched = supervision(case.kind, case.topic)
    anonymous, secret, named = case.anonymous, case.secret or wish.secret, forward.named
    if wish.named is not None:
        # Whoever reports officials is not named, whatever they say in passing: a person may still change that.
        named = wish.named and not watched
        anonymous = not wish.named or (watched and case.anonymous)
    if (anonymous, secret) != (case.anonymous, case.secret):
        case = work.cases.save(case, replace(case, anonymous=anonymous, secret=secret))
    state = forward.state
    if wish.go is not None:
        state = ForwardState.WAITING if wish.go else ForwardState.HELD
    error = "Warga keberatan." if state is ForwardState.HELD else None
    since = now if state is not forward.state else forward.since
    work.forwards.save(replace(forward, state=state, named=named, error=error, since=since))
    if state is ForwardState.WAITING and by_itself(desk, case):
        put(work, case.id, now)
    said = _in_words(state, named=named, anonymous=anonymous, secret=secret)
    who = Actor(f"citizen:{message.contact_id}", None)
    where = case.conversation_id
    work.note(who, "wish", "case", case.id, at=now, conversation_id=where, before=forward.state.value, after=said)
    return said


def _in_words(state: ForwardState, *, named: bool, anonymous: bool, secret: bool) -> str:
    way = "tidak diteruskan ke SP4N-LAPOR!" if state is ForwardState.HELD else "diteruskan ke SP4N-LAPOR!"
    if state is ForwardState.ASKING:
        way = "menunggu persetujuan Anda"
    who = "dengan nama Anda" if named else "anonim" if anonymous else "tanpa menyebut nama Anda"
    return f"{way}, {who}{', rahasia' if secret else ''}"
