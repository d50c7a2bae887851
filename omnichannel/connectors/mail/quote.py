"""Tell what a citizen wrote now from the history their mail program hung on. Nothing is deleted, only folded away.

Where answers stand between the quoted lines, the short quotes stay beside them: "ya" alone answers nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_VERB = (
    r"(?:wrote|writes|menulis|telah menulis|tulis|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|napisał|"
    r"написал|написала|пишет|写道|寫道|さんは書きました)"
)
_OPENING = re.compile(
    r"[\s*_-]{0,6}(?:on|pada|le|am|el|il|em|op|den|dne|dnia|w dniu|em|tanggal|tgl|hari|in a message dated|at|vào"
    r"|(?:sen(?:in)?|sel(?:asa)?|rab(?:u)?|kam(?:is)?|jum(?:at)?|sab(?:tu)?|min(?:ggu)?|mon|tue|wed|thu|fri|sat|sun)\w*,"
    r"|\d{4}[-/年.]\d{1,2}|\d{1,2}[ ./-](?:\d{1,2}|[a-z]{3,9})[ ./-]\d{2,4})\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(_VERB + r"\s*[:：]?[\s*_]*\Z|[:：][\s*_]*\Z", re.IGNORECASE)
_WROTE = re.compile(_VERB + r"\s*[:：][\s*_]*\Z", re.IGNORECASE)
_ADDRESS_OR_TIME = re.compile(r"\S@\S|\b\d{1,2}[:.]\d{2}\b")
_DATED = re.compile(r"\S@\S|\b\d{1,2}[:.]\d{2}\b|\b(?:19|20)\d\d\b|" + _VERB, re.IGNORECASE)
_RULED = re.compile(r"\s*[-_*=─]{5,}\s*\Z")
_ORIGINAL = re.compile(
    r"\s*[-_*]{2,}\s*(?:original (?:message|appointment|e-?mail)|pesan (?:asli|asal|awal|sebelumnya)|surat asli|e-?mail asli"
    r"|ursprüngliche nachricht|message d'origine|mensaje original|mensagem original|messaggio originale"
    r"|oorspronkelijk bericht|reply message|исходное сообщение|原始邮件|原始郵件)\s*[-_*]{2,}",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"\s*(?:[-_*]{2,}\s*(?:forwarded (?:message|by)|pesan (?:yang )?(?:di)?terus(?:kan|an)|weitergeleitete nachricht"
    r"|message transféré|mensaje reenviado|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht)"
    r"|(?:begin forwarded message|mulai (?:me)?(?:neruskan|pesan)[\w ]*|awal pesan (?:yang )?diteruskan)\s*:)",
    re.IGNORECASE,
)
_LABELS = {
    "from": "from|dari|von|de|da|van|från|fra|od|от|发件人|寄件者|差出人",
    "sent": "sent|dikirim|terkirim|gesendet|envoyé|enviado(?: el)?|inviato|verzonden|skickat|wysłano|отправлено|发送时间",
    "date": "date|tanggal|datum|fecha|data|hari|дата|日期|日時",
    "to": "to|kepada|untuk|ke|an|à|para|a|aan|till|til|do|кому|收件人|宛先",
    "subject": "subject|subjek|perihal|hal|judul|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|temat|тема|主题|件名",
    "cc": "cc|tembusan|kopie|copie|копия|抄送",
}
_LABEL = re.compile(
    r"\s{0,3}[*_]{0,2}(?:"
    + "|".join(f"(?P<{kind}>{names})" for kind, names in _LABELS.items())
    + r")[*_]{0,2}\s*[:：](.*)",
    re.IGNORECASE,
)
_CONTEXT_LINES = 8


class Line(NamedTuple):
    """One line, and whether its own mark-up (a leading ">", a blockquote) says that it is quoted."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is new, `quoted` is history; together they hold every word."""

    text: str
    quoted: str | None


def lines_of(text: str) -> list[Line]:
    """Plain text: a line that begins with ">" is quoted, except mbox's own `>From `."""
    return [Line(line, line.startswith(">") and not line.startswith(">From ")) for line in text.split("\n")]


def fold(lines: Sequence[Line], *, forwarded: bool = False) -> Folded:
    """Fold away what is history. `forwarded`: the subject says Fwd, so what follows the header block is the message."""
    marks = [line.quoted for line in lines]
    _mark_attributions(lines, marks)
    rest = _where_history_begins(lines, marks, forwarded=forwarded)
    for at in range(rest, len(lines)):
        marks[at] = True
    if not any(_has_words(line.text) for line, mark in zip(lines, marks, strict=True) if not mark):
        # Nothing would be left: then it is no history but the message.
        return Folded(_joined(line.text for line in lines), None)
    if not any(marks):
        return Folded(_joined(line.text for line in lines), None)
    return _split(lines, marks)


def _split(lines: Sequence[Line], marks: list[bool]) -> Folded:
    runs = list(_runs(lines, marks))
    said = [number for number, (mark, run) in enumerate(runs) if not mark and any(_has_words(one.text) for one in run)]
    between = sum(mark for mark, _ in runs) > 1
    text: list[str] = []
    quoted: list[str] = []
    for number, (mark, run) in enumerate(runs):
        if not mark:
            text += [line.text for line in run]
        elif between and number < said[-1] and len(run) <= _CONTEXT_LINES:
            shown = [line.text for line in run if line.text.strip()]
            text += [line if line.startswith(">") else "> " + line for line in shown]
        else:
            quoted += ["", *(line.text for line in run)] if quoted else [line.text for line in run]
    return Folded(_joined(text), _joined(quoted) or None)


def _runs(lines: Sequence[Line], marks: list[bool]) -> Iterator[tuple[bool, Sequence[Line]]]:
    """Stretches of one kind; blank lines go with what stands before them."""
    begin = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or (marks[at] != marks[begin] and (marks[at] or lines[at].text.strip())):
            yield marks[begin], lines[begin:at]
            begin = at


def _mark_attributions(lines: Sequence[Line], marks: list[bool]) -> None:
    """`On …, … wrote:` and its sisters directly above a quoted line belong to the quote, on up to four lines."""
    for at, line in enumerate(lines):
        if not line.quoted or at == 0 or lines[at - 1].quoted:
            continue
        bottom = at - 1
        while bottom >= 0 and at - bottom <= 2 and not lines[bottom].text.strip():
            bottom -= 1
        top = _attribution(lines, marks, bottom)
        for above in range(top, at):
            marks[above] = True


def _attribution(lines: Sequence[Line], marks: list[bool], bottom: int) -> int:
    """The first line of the attribution that ends at `bottom`; beyond it when there is none."""
    if bottom < 0 or not _CLOSING.search(lines[bottom].text[-200:]):
        return len(lines)
    joined = ""
    for top in range(bottom, max(bottom - 4, -1), -1):
        if not lines[top].text.strip() or marks[top] or len(joined) > 400:
            break
        joined = lines[top].text.strip() + " " + joined
        if _OPENING.match(lines[top].text) and _DATED.search(joined):
            return top
    last = lines[bottom].text
    return bottom if len(last) < 250 and (_WROTE.search(last) or _ADDRESS_OR_TIME.search(last)) else len(lines)


def _where_history_begins(lines: Sequence[Line], marks: list[bool], *, forwarded: bool) -> int:
    """The first line from which on everything is history, though nothing prefixes it (Outlook and its kin)."""
    for at, line in enumerate(lines):
        text = line.text
        if marks[at] or len(text) > 1000 or not text:
            continue
        if FORWARDED.match(text):
            return len(lines)
        if _ORIGINAL.match(text):
            return at
        label = _LABEL.match(text) if ":" in text or "：" in text else None
        if label and label.group("from") is not None:
            if not forwarded and _is_header_block(lines, at, label.group(label.re.groups)):
                return _above_rule(lines, at)
        elif _OPENING.match(text) and _is_bare_attribution(lines, at):
            return at
    return len(lines)


def _is_header_block(lines: Sequence[Line], at: int, sender: str) -> bool:
    """`Dari: … Dikirim: … Kepada: …`. A citizen's letter may begin alike, so it must show a program's hand:
    an address, a time of sending, or a rule above it."""
    kinds: set[str] = set()
    program = "@" in sender or _above_rule(lines, at) < at
    for line in lines[at + 1 : at + 9]:
        label = _LABEL.match(line.text)
        if label is None:
            continue
        kind = next(kind for kind in _LABELS if label.group(kind) is not None)
        kinds.add(kind)
        program = program or (kind == "sent" and any(character.isdigit() for character in label.group(label.re.groups)))
    return program and len(kinds - {"from"}) >= 2


def _above_rule(lines: Sequence[Line], at: int) -> int:
    for above in range(at - 1, max(at - 4, -1), -1):
        if _RULED.match(lines[above].text):
            return above
        if lines[above].text.strip():
            break
    return at


def _is_bare_attribution(lines: Sequence[Line], at: int) -> bool:
    """An attribution with no quoted line below it; it must name an address or a time, as only programs do."""
    joined = ""
    for line in lines[at : at + 3]:
        if not line.text.strip():
            return False
        joined = f"{joined} {line.text.strip()}"
        if len(joined) > 400:
            return False
        if _WROTE.search(joined):
            return _ADDRESS_OR_TIME.search(joined) is not None
    return False


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _joined(lines: Iterator[str] | list[str]) -> str:
    """Without blanks at line ends and with at most two blank lines in a row."""
    out: list[str] = []
    blank = 0
    for line in lines:
        line = line.rstrip()
        blank = 0 if line else blank + 1
        if blank <= 2:
            out.append(line)
    return "\n".join(out).strip("\n")
