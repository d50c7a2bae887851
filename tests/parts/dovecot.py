"""A Dovecot IMAP server of our own: any user name is a mailbox, one password opens all."""

import contextlib
import grp
import imaplib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.parts.ports import free_port, wait_for_port

REMEDY = "apt-get install dovecot-imapd"

CONFIG = """
base_dir={folder}/run
state_dir={folder}/run
log_path={folder}/log
protocols=imap
listen=127.0.0.1
ssl=no
disable_plaintext_auth=no
auth_mechanisms=plain login
first_valid_uid=1
first_valid_gid=1
mail_location=maildir:{folder}/mail/%u
mail_uid={uid}
mail_gid={gid}
mail_max_userip_connections=100
{users}
passdb {{
  driver=static
  args=password={password}
}}
userdb {{
  driver=static
  args=uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot=
  inet_listener imap {{
    port={port}
  }}
  inet_listener imaps {{
    port=0
  }}
}}
# A wrong password would slow down every later login from the same address: that is every other test.
auth_failure_delay=0
service anvil {{
  chroot=
  unix_listener anvil-auth-penalty {{
    mode=0
  }}
}}
service stats {{
  chroot=
}}
"""


def program() -> str | None:
    """Its folder is not on the PATH of everybody."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")


class Dovecot:
    """`user` is an empty mailbox of this test; `another()` gives one more. Mail enters by `deliver`."""

    host = "127.0.0.1"
    password = "rahasia-uji"

    def __init__(self, program: str) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._names = (f"kotak-{number}@desa.example" for number in itertools.count(1))
        self.folder = Path(tempfile.mkdtemp(prefix="omnichannel-dovecot-"))
        self.port = free_port()
        self.user = self.another()
        self._write_config()

    @property
    def url(self) -> str:
        return f"imap://{self.host}:{self.port}"

    def another(self) -> str:
        """A mailbox nobody has used yet; it comes into being at the first login."""
        return next(self._names)

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Puts a mail into a mailbox byte for byte, unread, as a mail server would."""
        with imaplib.IMAP4(self.host, self.port, timeout=10) as link:
            link.login(user, self.password)
            if folder != "INBOX":
                link.create(folder)
            answer, text = link.append(folder, "", "", raw)
        if answer != "OK":
            raise RuntimeError(f"dovecot refused the mail: {text!r}")

    def forget(self, user: str) -> None:
        """Drops the mailbox with all it knows: the next login finds it empty, under a new UIDVALIDITY."""
        shutil.rmtree(self.folder / "mail" / user)
        # Dovecot's UIDVALIDITY is the second of birth: within the same second it would be the old one again.
        time.sleep(1.01 - time.time() % 1)

    def start(self) -> None:
        # -F keeps it our child, so that it can be waited for.
        process = self._process = subprocess.Popen([self._program, "-F", "-c", str(self.folder / "dovecot.conf")])
        wait_for_port(self.port, alive=lambda: process.poll() is None, log=self._log)
        # The master listens before its services can answer; a greeting proves that it stays.
        try:
            imaplib.IMAP4(self.host, self.port, timeout=10).shutdown()
        except (OSError, imaplib.IMAP4.error) as error:
            self.stop()
            raise RuntimeError(f"dovecot does not answer:\n{self._log()}") from error

    def stop(self) -> None:
        """Every session is told BYE; the port stays for the next `start`."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=15)
            self._process = None

    def cut(self) -> None:
        """Kills every open session without a word, as a broken line does; the server goes on."""
        if self._process is None:
            return
        pid = self._process.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            # A child may end by itself between the list and the look.
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                if Path(f"/proc/{child}/comm").read_text(encoding="ascii").strip() == "imap":
                    os.kill(int(child), signal.SIGKILL)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _log(self) -> str:
        log = self.folder / "log"
        return log.read_text(encoding="utf-8", errors="replace") if log.exists() else "(no log)"

    def _write_config(self) -> None:
        """As root, mail belongs to nobody (Dovecot refuses uid 0); as anybody else, every service runs as ourselves."""
        root = os.geteuid() == 0
        owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        mail = self.folder / "mail"
        mail.mkdir()
        if root:
            os.chown(mail, owner.pw_uid, owner.pw_gid)
        self.folder.chmod(0o755)
        ourselves = {
            "default_internal_user": owner.pw_name,
            "default_internal_group": grp.getgrgid(owner.pw_gid).gr_name,
            "default_login_user": owner.pw_name,
        }
        users = "" if root else "\n".join(f"{key}={name}" for key, name in ourselves.items())
        text = CONFIG.format(
            folder=self.folder, uid=owner.pw_uid, gid=owner.pw_gid, users=users, password=self.password, port=self.port
        )
        (self.folder / "dovecot.conf").write_text(text, encoding="utf-8")
