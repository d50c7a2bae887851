"""Mail in: a mailbox read by UID, so that neither a crash, an outage nor another reader's flags lose a letter.

Everything here blocks and runs on the mailbox's own thread (`lane`), except `break_off`.
"""

import contextlib
import imaplib
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from omnichannel.connectors.mail import tokens
from omnichannel.connectors.mail.patience import wish
from omnichannel.connectors.mail.settings import Post, Server, Shelter
from omnichannel.domain.errors import AccountBroken, TryLater
from omnichannel.domain.office import Secret
from omnichannel.domain.ports import Batch, Raw

log = logging.getLogger(__name__)

LETTERS_AT_ONCE = 100
BYTES_AT_ONCE = 25 * 1024 * 1024
_SLICE = 1.0  # seconds between two looks at whether we should stop
_BETWEEN_NOOPS = 5.0  # seconds, where a server knows no IDLE
# These refuse now and not for ever (RFC 5530, section 3).
_FOR_NOW = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN|EXPIRED-LATER)\]|too many|try again|coba lagi", re.I
)
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


class Mailbox:
    """One folder. The cursor is `UIDVALIDITY:UID` of the last letter that was handed over."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._box: BaseMailBox | None = None
        self._validity = 0
        self._idles = False
        self._backlog: tuple[int, list[int]] = (0, [])
        self.token: Secret | None = None  # the newest one, where the account logs in by token

    def check(self, stop: threading.Event) -> str:
        """Prove that we may log in and that the folder is there."""
        try:
            self._linked().client.noop()
        except Exception as error:
            self.drop()
            raise _ours(error, self._post) from error
        return self._post.address

    def news(self, cursor: str | None, stop: threading.Event) -> Batch:
        """Letters behind the cursor, oldest first; when there are none, listen for a while and look again."""
        try:
            box = self._linked()
            if cursor is None and self._post.from_now:
                return Batch((), f"{self._validity}:{_next_uid(box) - 1}")
            last = self._last(cursor)
            batch = self._after(box, last)
            if not batch.raws and not stop.is_set():
                self._listen(box, last, stop)
                batch = Batch((), batch.cursor) if stop.is_set() else self._after(box, last)
            return batch
        except Exception as error:
            self.drop()
            raise _ours(error, self._post) from error

    def drop(self) -> None:
        """Close the link without ceremony."""
        box, self._box = self._box, None
        self._backlog = (0, [])
        if box is not None:
            _close(box)

    def break_off(self) -> None:
        """From another thread: whatever waits on the link wakes up with an error."""
        box = self._box
        if box is not None:
            with contextlib.suppress(OSError):  # it may be dead already
                box.client.sock.shutdown(socket.SHUT_RDWR)

    # ---- the link

    def _linked(self) -> BaseMailBox:
        if self._box is None:
            server = self._post.imap
            if server is None:
                raise AccountBroken("imap_url belum diisi untuk akun ini.", code="no_imap_url")
            self._box = _opened(server, self._post.patience)
            self._enter(self._box)
        return self._box

    def _enter(self, box: BaseMailBox) -> None:
        user, password = self._post.user, self._post.password.reveal()
        if self.token is not None:
            _by_token(box, user, self.token)
        elif user.isascii() and password.isascii():
            box.login(user, password, initial_folder=None)
        else:
            box.login_utf8(user, password, initial_folder=None)
        # EXAMINE: we never mark, so people may go on using the same mailbox as they like.
        box.folder.set(self._post.folder, readonly=True)
        _, data = box.client.response("UIDVALIDITY")
        self._validity = int(data[0]) if data and data[0] else 0
        self._idles = "IDLE" in _capabilities(box)

    # ---- reading

    def _last(self, cursor: str | None) -> int:
        if cursor is None:
            return 0
        validity, _, uid = cursor.partition(":")
        if validity == str(self._validity) and uid.isdigit():
            return int(uid)
        # The server renumbered its letters (RFC 3501, 2.3.1.1): the hash of each keeps the known ones out.
        log.warning("mailbox was renumbered, reading it from the start", extra={"account": self._post.account})
        return 0

    def _after(self, box: BaseMailBox, last: int) -> Batch:
        known, waiting = self._backlog
        uids = waiting if waiting and known == last else _search(box, last)
        if not uids:
            return Batch((), f"{self._validity}:{last}")
        chosen = _that_fit(box, uids[:LETTERS_AT_ONCE])
        raws = tuple(Raw(body, self._headers(uid, problem)) for uid, body, problem in _fetched(box, chosen))
        self._backlog = (chosen[-1], uids[len(chosen) :])
        if not raws and self._backlog[1]:
            return self._after(box, chosen[-1])  # all of these were deleted meanwhile
        return Batch(raws, f"{self._validity}:{chosen[-1]}")

    def _headers(self, uid: int, problem: str) -> dict[str, str]:
        headers = {"uid": f"{self._validity}:{uid}"}
        return {**headers, "problem": problem} if problem else headers

    # ---- listening

    def _listen(self, box: BaseMailBox, last: int, stop: threading.Event) -> None:
        """Return at the first sign of a letter, when asked to stop, or when the time is up."""
        until = time.monotonic() + self._post.waits.total_seconds()
        if not self._idles:
            while (left := until - time.monotonic()) > 0 and not stop.wait(min(left, _BETWEEN_NOOPS)):
                if _search(box, last):
                    return
            return
        idle: Any = box.idle
        idle.start()
        while (left := until - time.monotonic()) > 0 and not stop.is_set() and not _something_came(box):
            began = time.monotonic()
            told = idle.poll(timeout=min(left, _SLICE))
            # A poll that ends early and empty-handed has met the end of the link; leaving IDLE finds out.
            if any(b"EXISTS" in line for line in told) or (
                not told and time.monotonic() - began < min(left, _SLICE) / 2
            ):
                break
        idle.stop()


def _opened(server: Server, patience: float) -> BaseMailBox:
    if server.shelter is Shelter.TLS:
        return MailBox(server.host, server.port, timeout=patience, ssl_context=ssl.create_default_context())
    if server.shelter is Shelter.STARTTLS:
        return MailBoxStartTls(server.host, server.port, timeout=patience, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(server.host, server.port, timeout=patience)


def _by_token(box: BaseMailBox, user: str, token: Secret) -> None:
    """XOAUTH2 where the server knows it, else the standard's own. Refused, a server first says why in a challenge of its
    own: the answer that ends it is empty, or (RFC 7628, section 3.2.3) a single ^A."""
    offered = {str(one).upper() for one in box.client.capabilities}
    if "AUTH=XOAUTH2" in offered or "AUTH=OAUTHBEARER" not in offered:
        mechanism, words, end = "XOAUTH2", tokens.xoauth2(user, token.reveal()), b""
    else:
        mechanism, words, end = "OAUTHBEARER", tokens.oauthbearer(user, token.reveal()), b"\1"
    answers = iter([words.encode()])
    try:
        box.client.authenticate(mechanism, lambda challenge: next(answers, end))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        if _FOR_NOW.search(str(error)):
            raise
        said = str(error).replace(token.reveal(), "•••")[:200]
        raise AccountBroken(f"Server IMAP menolak token akun ini ({said}).", code=tokens.REFUSED) from None


def _close(box: BaseMailBox) -> None:
    with contextlib.suppress(OSError):  # a dead link cannot be closed more politely
        box.client.shutdown()


def _capabilities(box: BaseMailBox) -> set[str]:
    """Asked after the login: before it, some servers hide what they can."""
    _, data = box.client.capability()
    return set(b" ".join(line for line in data if line).decode("ascii", "replace").upper().split())


def _next_uid(box: BaseMailBox) -> int:
    _, data = box.client.response("UIDNEXT")
    if data and data[0]:
        return int(data[0])
    return max(_search(box, 0), default=0) + 1


def _something_came(box: BaseMailBox) -> bool:
    """News that arrived together with the answer to IDLE lies in the buffer, where no poll of the socket sees it."""
    client = box.client
    before = client.sock.gettimeout()
    client.sock.settimeout(0)
    try:
        buffer: Any = client.file
        return bool(buffer.peek(1))
    except OSError:
        return False
    finally:
        client.sock.settimeout(before)


def _search(box: BaseMailBox, last: int) -> list[int]:
    """UIDs above `last`. `n:*` always names the newest letter too, even when its UID is lower (RFC 3501, 6.4.8)."""
    # What the server tells unasked is kept by the library until somebody asks for it; nobody will.
    box.client.untagged_responses.clear()
    status, data = box.client.uid("SEARCH", f"UID {last + 1}:*")
    if status != "OK":
        raise imaplib.IMAP4.error(f"SEARCH: {_said(data)}")
    return sorted({uid for line in data if line for uid in map(int, line.split()) if uid > last})


def _that_fit(box: BaseMailBox, uids: Sequence[int]) -> list[int]:
    """As many as may come in one batch, and always one."""
    status, data = box.client.uid("FETCH", _set(uids), "(UID RFC822.SIZE)")
    sizes: dict[int, int] = {}
    for line in data if status == "OK" else ():
        line = line[0] if isinstance(line, tuple) else line
        named, size = (_UID.search(line), _SIZE.search(line)) if line else (None, None)
        if named and size:
            sizes[int(named.group(1))] = int(size.group(1))
    room = BYTES_AT_ONCE
    for count, uid in enumerate(uids):
        room -= sizes.get(uid, 0)
        if room < 0 and count:
            return list(uids[:count])
    return list(uids)


def _fetched(box: BaseMailBox, uids: Sequence[int]) -> Iterator[tuple[int, bytes, str]]:
    """(UID, bytes, problem) of each that still exists. One that cannot be had is asked for alone, then told about."""
    try:
        found = _bodies(box, _set(uids), "BODY.PEEK[]")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        found = {}
    for uid in uids:
        if uid in found:
            yield uid, found[uid], ""
        elif (alone := _alone(box, uid)) is not None:
            yield uid, *alone


def _alone(box: BaseMailBox, uid: int) -> tuple[bytes, str] | None:
    """One letter by itself; its headers if no more can be had; None when it was deleted meanwhile."""
    problem = ""
    for section in ("BODY.PEEK[]", "BODY.PEEK[HEADER]"):
        try:
            found = _bodies(box, str(uid), section)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            problem = problem or f"Server surel tidak dapat memberikan surat UID {uid}: {error}"
            continue
        if not found and not problem:
            return None
        return found.get(uid, b""), problem
    return b"", problem


def _bodies(box: BaseMailBox, which: str, section: str) -> dict[int, bytes]:
    status, data = box.client.uid("FETCH", which, f"(UID {section})")
    if status != "OK":
        raise imaplib.IMAP4.error(_said(data))
    found: dict[int, bytes] = {}
    for at, line in enumerate(data):
        if isinstance(line, tuple):
            after = data[at + 1] if at + 1 < len(data) and isinstance(data[at + 1], bytes) else b""
            uid = _UID.search(line[0]) or _UID.search(after)
            if uid:
                found[int(uid.group(1))] = line[1]
    return found


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _said(data: object) -> str:
    lines = data if isinstance(data, list) else [data]
    return " ".join(line.decode("utf-8", "replace") for line in lines if isinstance(line, bytes))[:300]


def _ours(error: Exception, post: Post) -> Exception:
    """Whatever the library or the network threw, as one of our errors; Indonesian, for the administrator."""
    if isinstance(error, AccountBroken | TryLater):
        return error
    text = (
        _said(error.command_result[1])
        if isinstance(error, MailboxLoginError | MailboxFolderSelectError)
        else str(error)
    )
    if isinstance(error, ssl.SSLCertVerificationError):
        return AccountBroken(f"Sertifikat server IMAP tidak dipercaya: {error.verify_message}.", code="certificate")
    refused = isinstance(error, MailboxLoginError) or (
        isinstance(error, imaplib.IMAP4.error)
        and not isinstance(error, imaplib.IMAP4.abort)
        and "AUTHENTICATIONFAILED" in text
    )
    if refused and not _FOR_NOW.search(text):
        return AccountBroken(
            f"Server IMAP menolak nama pengguna atau kata sandi akun ini ({text}). Periksa OMNI_…_USER dan OMNI_…_PASSWORD.",
            code="login",
        )
    if isinstance(error, MailboxFolderSelectError) and not _FOR_NOW.search(text):
        return AccountBroken(f"Folder {post.folder!r} tidak ada di kotak surat ini ({text}).", code="folder")
    if isinstance(error, OSError | imaplib.IMAP4.error | ImapToolsError | ValueError):
        return TryLater(f"Server IMAP belum menjawab: {text or type(error).__name__}", wish(text))
    return error
