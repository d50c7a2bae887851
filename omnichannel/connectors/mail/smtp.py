"""Mail out. The one question that matters after a fault: may the server already have the letter?"""

import base64
import contextlib
import re
from typing import Any

import aiosmtplib
from aiosmtplib import SMTP, SMTPResponseException

from omnichannel.connectors.mail import address, tokens
from omnichannel.connectors.mail.patience import wish
from omnichannel.connectors.mail.settings import Post, Shelter
from omnichannel.domain.errors import AccountBroken, Refused, TryLater, Unsure
from omnichannel.domain.office import Secret

_DOTS = re.compile(rb"^\.", re.MULTILINE)
_ABOUT_US = re.compile(
    r"relay|authenticat|not permitted|sender (?:address )?(?:rejected|denied)|log ?in", re.IGNORECASE
)
_GOODBYE = 2.0  # seconds


async def deliver(post: Post, recipient: str, letter: bytes, token: Secret | None = None) -> None:
    """Hand a letter to the server. TryLater until its text has left, Unsure from then until the server answers."""
    link = await _entered(post, token)
    try:
        await _envelope(link, post.address, recipient)
        await _text(link, letter, post.patience)
    except BaseException:
        link.close()
        raise
    await _leave(link)


async def check(post: Post, token: Secret | None = None) -> None:
    """Prove that the server lets us in."""
    await _leave(await _entered(post, token))


def mailable(recipient: str) -> str:
    """The address with its domain in ASCII (IDNA); Refused when no server could take it."""
    local, _, domain = recipient.rpartition("@")
    try:
        found = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise Refused(f"Alamat surel {recipient!r} tidak sah. Periksa penulisannya.", code="address") from error
    if not found.isascii() or not address.valid(found):
        raise Refused(f"Alamat surel {recipient!r} tidak dapat dikirimi surat. Periksa penulisannya.", code="address")
    return found


async def _entered(post: Post, token: Secret | None) -> SMTP:
    server = post.smtp
    if server is None:
        raise AccountBroken("smtp_url belum diisi untuk akun ini.", code="no_smtp_url")
    link = SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.shelter is Shelter.TLS,
        start_tls=server.shelter is Shelter.STARTTLS,
        timeout=post.patience,
        local_hostname=post.domain if post.domain.isascii() else None,
    )
    try:
        await link.connect()
        with contextlib.suppress(aiosmtplib.SMTPHeloError):  # a server so old that it knows only HELO asks no password
            await link.ehlo()
        if token is not None:
            await _by_token(link, post.user, token)
        elif post.password.reveal() and link.supports_extension("auth"):
            await link.login(post.user, post.password.reveal())
    except BaseException as error:
        link.close()
        raise _at_the_door(error) from error
    return link


async def _by_token(link: SMTP, user: str, token: Secret) -> None:
    """As in `imap`: XOAUTH2, else OAUTHBEARER; a refusal comes as a challenge first."""
    offered = {str(one).lower() for one in link.server_auth_methods}
    if "xoauth2" in offered or "oauthbearer" not in offered:
        mechanism, words, end = b"XOAUTH2", tokens.xoauth2(user, token.reveal()), b""
    else:
        mechanism, words, end = b"OAUTHBEARER", tokens.oauthbearer(user, token.reveal()), b"AQ=="
    answer = await link.execute_command(b"AUTH", mechanism, base64.b64encode(words.encode()))
    if answer.code == 334:
        answer = await link.execute_command(end)
    if answer.code == 235:
        return
    said = f"{answer.code} {' '.join(answer.message.split())}".replace(token.reveal(), "•••")[:200]
    if answer.code // 100 == 4:
        raise TryLater(f"Server SMTP sibuk ({said}).", wish(answer.message))
    raise AccountBroken(f"Server SMTP menolak token akun ini ({said}).", code=tokens.REFUSED)


def _at_the_door(error: BaseException) -> BaseException:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code // 100 == 5:
        return AccountBroken(
            f"Server SMTP menolak nama pengguna atau kata sandi akun ini ({_said(error)}). "
            "Periksa OMNI_…_USER dan OMNI_…_PASSWORD.",
            code=str(error.code),
        )
    if isinstance(error, aiosmtplib.SMTPException) and "not supported" in str(error):
        return AccountBroken(f"Server SMTP tidak mendukung pengamanan yang kita minta: {error}.", code="tls")
    if isinstance(error, SMTPResponseException):
        if error.code // 100 == 5:
            return AccountBroken(f"Server SMTP menolak kita ({_said(error)}).", code=str(error.code))
        return TryLater(f"Server SMTP sibuk ({_said(error)}).", wish(error.message))
    if isinstance(error, aiosmtplib.SMTPException | OSError | TimeoutError):
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return AccountBroken(f"Sertifikat server SMTP tidak dipercaya: {error}.", code="certificate")
        return TryLater(f"Server SMTP belum menjawab: {str(error) or type(error).__name__}")
    return error


async def _envelope(link: SMTP, sender: str, recipient: str) -> None:
    try:
        await link.mail(sender)
        await link.rcpt(recipient)
    except aiosmtplib.SMTPSenderRefused as error:
        raise _refusal(error, ours=True) from error
    except aiosmtplib.SMTPRecipientRefused as error:
        raise _refusal(error, ours=_ABOUT_US.search(error.message) is not None or error.code == 530) from error
    except SMTPResponseException as error:
        raise _refusal(error, ours=True) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise TryLater(f"Sambungan ke server SMTP putus: {str(error) or type(error).__name__}") from error


async def _text(link: SMTP, letter: bytes, patience: float) -> None:
    """DATA in two steps: a link that dies before the server said 354 has taken nothing with it."""
    try:
        answer = await link.execute_command(b"DATA")
        if answer.code != 354:
            raise _refusal(SMTPResponseException(answer.code, answer.message), ours=False)
        protocol: Any = link.protocol
    except (aiosmtplib.SMTPException, OSError) as error:
        raise TryLater(f"Sambungan ke server SMTP putus: {str(error) or type(error).__name__}") from error
    try:
        protocol.write(_DOTS.sub(b"..", letter) + (b".\r\n" if letter.endswith(b"\r\n") else b"\r\n.\r\n"))
        answer = await protocol.read_response(timeout=patience)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Unsure(
            "Surat sudah dikirim ke server, tetapi server tidak menjawab. "
            "Periksa kotak terkirim atau tanyakan warga sebelum mengirim lagi."
        ) from error
    if answer.code // 100 != 2:
        raise _refusal(SMTPResponseException(answer.code, answer.message), ours=False)


def _refusal(error: SMTPResponseException, *, ours: bool) -> Exception:
    """5xx is for ever: about us or about this letter; 4xx is for now."""
    said = _said(error)
    if error.code // 100 == 4:
        return TryLater(f"Server surel meminta kita menunggu ({said}).", wish(error.message))
    if error.code // 100 != 5:
        return Unsure(f"Server surel menjawab dengan cara yang tidak dikenal ({said}).")
    if error.code == 552 or "5.3.4" in said or "5.2.3" in said:
        return Refused(
            f"Surat ini terlalu besar bagi server penerima ({said}). Kirim tanpa lampiran.", code=str(error.code)
        )
    if ours:
        return AccountBroken(f"Server SMTP tidak mengizinkan kita mengirim ({said}).", code=str(error.code))
    return Refused(f"Server surel menolak surat untuk alamat ini ({said}).", code=str(error.code))


async def _leave(link: SMTP) -> None:
    """QUIT if there is somebody to hear it; the letter's fate is settled without it."""
    try:
        if link.is_connected:
            await link.quit(timeout=_GOODBYE)
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        link.close()


def _said(error: SMTPResponseException) -> str:
    return " ".join(f"{error.code} {error.message}".split())[:300]
