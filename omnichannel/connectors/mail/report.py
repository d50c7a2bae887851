"""Mail that machines write: bounces, receipts, absence notes, lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from omnichannel.connectors.mail import header
from omnichannel.connectors.mail.body import Letter
from omnichannel.connectors.mail.mime import Part
from omnichannel.domain.message import Auto, Problem

_DAEMON = re.compile(
    r"(?:mailer-?daemon|postmaster|mail-?delivery|maildeliverysubsystem|bounce[sd]?)(?:[+.-][^@]*)?@", re.I
)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|returned (?:mail|to sender)|delivery (?:status notification|failure|has failed|incomplete)"
    r"|mail delivery (?:failed|system|subsystem)|failure notice|non[- ]?remis|unzustellbar|tidak (?:dapat|bisa) (?:di)?kirim"
    r"|tidak terkirim|gagal (?:di)?kirim|pengiriman (?:pesan |e?-?mail |surel )?gagal|warning: could not send|message blocked",
    re.IGNORECASE,
)
_AUTO_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{0,30}\]\s*)?(?:auto(?:matic)?[ -]?(?:reply|response|responder|antwort)|auto:|out of (?:the )?office|ooo\b"
    r"|(?:balasan|jawaban|respon[s]?|pesan|tanggapan)[ -](?:otomatis|automatis)|sedang (?:cuti|dinas luar|tidak di (?:kantor|tempat))"
    r"|di luar kantor|vacation (?:reply|response)|i am (?:currently )?(?:out of|away)|away from (?:my |the )?(?:office|e?mail)"
    r"|automatische antwort|abwesend|abwesenheits|réponse automatique|respuesta automática|resposta automática"
    r"|autosvar|automatisch antwoord|afwezig|risposta automatica|automatisk svar|automaattinen|automatyczna odpowied|odpov[eě]ď v"
    r"|otomatik yan|avtomatski|автоответ|автоматический ответ|自动回复|自動回覆|自動返信|自動応答|자동 회신|부재 중|不在"
    r"|fuera de (?:la )?oficina|fora do escrit[oó]rio|absen(?:ce|t) du bureau|tidak (?:di|berada di) kantor"
    r"|.{0,100}\bis (?:currently )?(?:out of|away from) (?:the )?office\b)",
    re.IGNORECASE,
)
_AUTO_HEADER = re.compile(
    r"x-(?:mail-)?auto-?(?:reply|respond|responder|response|replied|reply-from|generated)|x-away-reply|x-vacation.*|x-ebay-mailtracker"
)
_REPLY_HEADER = re.compile(
    r"x-(?:mail-)?auto-?(?:reply|respond|responder|response|replied|reply-from)|x-away-reply|x-vacation.*"
)
_LIST_HEADER = frozenset({"list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "x-list-id"})
_FIELD = re.compile(r"^([A-Za-z][A-Za-z-]*)[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_MESSAGE_ID = re.compile(r"^[>\s]*message-id:\s*<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)
_TEXT_RECIPIENT = re.compile(r"<?([^\s<>:;,()\"]+@[^\s<>:;,()\"]+?)>?[.:]?\s*$", re.MULTILINE)
_TEXT_REASON = re.compile(r"^.*(?:\b[45]\d\d[ -]|\b[45]\.\d\.\d{1,3}\b).*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What kind of machine wrote. `target` is our Message-ID that it speaks of; `read`: it was opened by a person."""

    auto: Auto | None = None
    target: str | None = None
    error: Problem | None = None
    delivered: bool = False
    read: bool = False


def judged(root: Part, letter: Letter, *, sender: str, subject: str, text: str) -> Verdict:
    """Sort a mail by its structure first, by its headers second, by its wording last."""
    fields = [found for kind, report in letter.reports if "disposition" not in kind for found in _groups(report)]
    receipts = [found for kind, report in letter.reports if "disposition" in kind for found in _groups(report)]
    if receipts:
        return _receipt(receipts, letter)
    if fields and _declares(root, "feedback-report") is False:
        return _delivery(root, letter, fields, text)
    if _is_bounce(root, sender, subject):
        recipient = header.decoded(root.first("x-failed-recipients")) or _match(_TEXT_RECIPIENT, text)
        return Verdict(Auto.BOUNCE, _original(root, letter, text), _problem(recipient, _match(_TEXT_REASON, text)))
    return Verdict(_automatic(root, subject))


def _declares(root: Part, kind: str) -> bool:
    return kind in root.content_type.named.get("report-type", "").lower()


def _groups(report: str) -> Iterator[dict[str, str]]:
    """A report's fields, one mapping for each recipient; the common block of the mail comes along in each."""
    common: dict[str, str] = {}
    for number, block in enumerate(re.split(r"\n[ \t]*\n", report.strip())):
        found = {name.lower(): re.sub(r"\s+", " ", value).strip() for name, value in _FIELD.findall(block)}
        if number == 0:
            common = found
        if found and (number or "action" in found or "disposition" in found or "final-recipient" in found):
            yield common | found


def _receipt(groups: list[dict[str, str]], letter: Letter) -> Verdict:
    """A read receipt (RFC 8098). "Deleted unread" says nothing that we may show as read."""
    first = groups[0]
    target = next(iter(header.ids(first.get("original-message-id", "").encode("utf-8", "replace"))), None)
    target = target or next(
        (found for part in letter.originals for found in header.ids(part.first("message-id"))), None
    )
    shown = first.get("disposition", "").lower().rpartition(";")[2].strip().startswith(("displayed", "processed"))
    return Verdict(Auto.AUTO_REPLY, target, read=shown and target is not None)


def _delivery(root: Part, letter: Letter, groups: list[dict[str, str]], text: str) -> Verdict:
    """A delivery report (RFC 3464): a failure is a bounce; "delayed" is only news, "delivered" a receipt."""
    target = _original(root, letter, text)
    for found in groups:
        action, status = found.get("action", "").lower(), found.get("status", "")
        if action.startswith("failed") or (not action and not status.startswith(("2", "4"))):
            recipient = _recipient(found) or header.decoded(root.first("x-failed-recipients"))
            reason = found.get("diagnostic-code", "").partition(";")[2].strip() or found.get("diagnostic-code", "")
            return Verdict(Auto.BOUNCE, target, _problem(recipient, reason, status))
    if all(found.get("action", "").lower().startswith("deliver") for found in groups):
        return Verdict(Auto.AUTO_REPLY, target, delivered=target is not None)
    return Verdict(Auto.AUTO_REPLY, target)


def _recipient(found: dict[str, str]) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        address = found.get(name, "").rpartition(";")[2].strip(" <>")
        if "@" in address:
            return address.lower()
    return ""


def _problem(recipient: str, reason: str, status: str = "") -> Problem:
    code = _match(_STATUS, status) or _match(_STATUS, reason) or "bounce"
    title = ": ".join(piece for piece in (recipient, reason) if piece) or "Surat tidak sampai."
    return Problem(code, title[:500])


def _original(root: Part, letter: Letter, text: str) -> str | None:
    """The Message-ID of the mail that came back: from the mail itself, its headers, the references, the text."""
    for part in letter.originals:
        for found in header.ids(part.first("message-id")):
            return found
    quoted = "\n".join([text, *letter.quoted, *(piece for one in letter.segments for piece in one.plain)])
    written = _match(_MESSAGE_ID, quoted)
    if written:
        return written
    return next(
        (found for name in ("in-reply-to", "references") for found in reversed(header.ids(root.first(name)))), None
    )


def _is_bounce(root: Part, sender: str, subject: str) -> bool:
    if root.first("x-failed-recipients"):
        return True
    path = (root.first("return-path") or b"").strip().lower()
    empty_path = path == b"<>" or path.startswith(b"<mailer-daemon")
    daemon = _DAEMON.match(sender) is not None or sender.lower() in ("mailer-daemon", "postmaster")
    named = _BOUNCE_SUBJECT.search(subject) is not None
    if _declares(root, "delivery-status"):
        return True
    return (daemon and (named or empty_path)) or (empty_path and named)


def _automatic(root: Part, subject: str) -> Auto | None:
    submitted = header.decoded(root.first("auto-submitted")).lower().partition(";")[0].strip()
    precedence = header.decoded(root.first("precedence")).lower()
    names = {name for name, _ in root.headers}
    replied = (
        submitted.startswith("auto-replied")
        or precedence.startswith("auto")
        or any(_REPLY_HEADER.fullmatch(name) for name in names)
        or "autorespond" in header.decoded(root.first("x-post-messageclass")).lower()
        or "autorespond" in header.decoded(root.first("delivered-to")).lower()
        or _AUTO_SUBJECT.match(subject) is not None
    )
    if replied:
        return Auto.AUTO_REPLY
    if names & _LIST_HEADER or precedence.startswith("list"):
        return Auto.LIST
    if (
        submitted not in ("", "no")
        or any(_AUTO_HEADER.fullmatch(name) for name in names)
        or _suppresses(root)
        or (root.first("return-path") or b"").strip() == b"<>"
        or (root.first("x-fc-machinegenerated") or b"").strip().lower() == b"true"
    ):
        return Auto.AUTO_REPLY
    if precedence.startswith(("bulk", "junk")):
        # Responders and newsletters both say "bulk" (RFC 3834, 3.1.8); a responder names the mail it answers.
        return Auto.AUTO_REPLY if root.first("in-reply-to") else Auto.LIST
    return None


def _suppresses(root: Part) -> bool:
    """Exchange's own header on what it writes by itself."""
    value = header.decoded(root.first("x-auto-response-suppress")).lower()
    return any(word in value for word in ("all", "oof", "autoreply"))


def _match(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text[:20_000])
    return "" if found is None else (found.group(1) if pattern.groups else found.group()).strip()
