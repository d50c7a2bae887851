"""`omnichannel staff`: who may log in. The first administrator is made here."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from omnichannel.commands.running import configured, run
from omnichannel.commands.speech import WRONG, ConfigFile, Language, data, fail, tell, two
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import LOGIN_LONGEST, Role, login_of

if TYPE_CHECKING:
    from omnichannel.domain.people import Staff
    from omnichannel.domain.work import Work
    from omnichannel.settings.load import Config

T = TypeVar("T")

Login = Annotated[str, typer.Argument(metavar="LOGIN", help=two("Nama masuk.", "The login."), show_default=False)]
FromStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help=two("Kata sandi dibaca dari baris pertama stdin.", "The password is the first line of stdin."),
    ),
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help=two(
            """Akun petugas.

            \b
            Contoh:
              omnichannel staff add siti --name "Siti" --role administrator --password-stdin < sandi.txt
              omnichannel staff list""",
            """Staff accounts.

            \b
            Example:
              omnichannel staff add siti --name "Siti" --role administrator --password-stdin < password.txt
              omnichannel staff list""",
        ),
    )
    for name, command, says in (
        ("add", add, _help("Membuat akun petugas.", "Makes a staff account.", 'add siti --name "Siti" --role agent')),
        (
            "list",
            everyone,
            _help("Semua akun, satu baris JSON masing-masing.", "Every account, a JSON line each.", "list"),
        ),
        (
            "disable",
            disable,
            _help("Menutup akun; jejaknya tetap.", "Shuts an account; its traces stay.", "disable siti"),
        ),
        ("reset", reset, _help("Memberi kata sandi baru.", "Sets a new password.", "reset siti --password-stdin")),
    ):
        group.command(name, help=says)(command)
    app.add_typer(group, name="staff")


def _help(indonesian: str, english: str, example: str) -> str:
    return two(
        f"{indonesian}\n\n\b\nContoh:\n  omnichannel staff {example}",
        f"{english}\n\n\b\nExample:\n  omnichannel staff {example}",
    )


def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help=two("Nama yang tampil.", "The name that is shown."))],
    role: Annotated[Role, typer.Option("--role", help=two("Peran.", "Role."))],
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="KODE", help=two("Unit: kunci atau kode resmi.", "Unit: key or official code.")),
    ] = None,
    password_stdin: FromStdin = False,
    config: ConfigFile = None,
    lang: Language = None,
) -> None:
    """Exit 2 for what cannot be, 1 when the login is taken."""
    from omnichannel.domain.work import Work
    from omnichannel.web.passwords import hash_password

    wanted = _login(login)
    found = configured(config)
    key = _unit(found, role, unit)
    shown = name.strip()
    if not shown:
        raise fail("--name belum diisi.", "--name is empty.", WRONG)
    hashed = hash_password(_password(password_stdin))

    def story(work: Work) -> "Staff":
        at = _now()
        made = work.people.add(login=wanted, name=shown, role=role, unit=key, password_hash=hashed, at=at)
        _note(work, made, "staff_added", role.value)
        return made

    made = _write(found, story)
    data(_row(made))
    tell(f"Akun {made.login} dibuat sebagai {role}.", f"Account {made.login} was made as {role}.")


def everyone(config: ConfigFile = None, lang: Language = None) -> None:
    """Disabled ones too."""
    for one in _write(configured(config), lambda work: work.people.all()):
        data(_row(one))


def disable(login: Login, config: ConfigFile = None, lang: Language = None) -> None:
    """Ends their sessions at once. Exit 1 for nobody."""
    from omnichannel.domain.work import Work

    def story(work: Work) -> None:
        staff = _known(work, login)
        if staff.disabled_at is None:
            work.people.disable(staff.id, _now())
            _note(work, staff, "staff_disabled", None)

    _write(configured(config), story)
    tell(f"Akun {_login(login)} ditutup.", f"Account {_login(login)} is shut.")


def reset(login: Login, password_stdin: FromStdin = False, config: ConfigFile = None, lang: Language = None) -> None:
    """A new password; whoever knew the old one is out at once. Exit 1 for nobody."""
    from omnichannel.domain.work import Work
    from omnichannel.web.passwords import hash_password

    found = configured(config)
    hashed = hash_password(_password(password_stdin))

    def story(work: Work) -> None:
        staff = _known(work, login)
        work.people.set_password(staff.id, hashed)
        work.people.close_sessions(staff.id)
        _note(work, staff, "password_reset", None)

    _write(found, story)
    tell(f"Kata sandi {_login(login)} diganti.", f"The password of {_login(login)} was changed.")


def _login(login: str) -> str:
    try:
        return login_of(login)
    except Invalid as error:
        raise fail(
            f"LOGIN: 1 sampai {LOGIN_LONGEST} huruf tanpa spasi.",
            f"LOGIN: 1 to {LOGIN_LONGEST} characters, no blanks.",
            WRONG,
        ) from error


def _unit(config: "Config", role: Role, named: str | None) -> str | None:
    """The key of the unit; staff of a unit need one, and it must be one of ours."""
    if named is None:
        if role is Role.UNIT:
            raise fail("Peran unit memerlukan --unit KODE.", "The role unit needs --unit KODE.", WRONG)
        return None
    from omnichannel.settings.load import load_organisation

    organisation = load_organisation(config.source)
    unit = organisation.get(named) or organisation.by_code(named)
    if unit is None:
        raise fail(
            f"--unit: {named!r} tidak ada di organisation.toml.",
            f"--unit: {named!r} is not in organisation.toml.",
            WRONG,
        )
    return unit.key


def _password(from_stdin: bool) -> str:
    """Never from the command line: there every user of the machine can read it."""
    if from_stdin:
        return sys.stdin.buffer.readline().decode("utf-8", "replace").rstrip("\r\n")
    if not sys.stdin.isatty():
        raise fail("Berikan kata sandi lewat --password-stdin.", "Give the password by --password-stdin.", WRONG)
    return str(typer.prompt(two("Kata sandi", "Password"), hide_input=True, confirmation_prompt=True, err=True))


def _known(work: "Work", login: str) -> "Staff":
    from omnichannel.domain.errors import NotFound

    found = work.people.by_login(_login(login))
    if found is None:
        raise NotFound(two(f"tidak ada akun {login!r}.", f"there is no account {login!r}."))
    return found[0]


def _note(work: "Work", staff: "Staff", verb: str, after: str | None) -> None:
    from omnichannel.domain.work import Actor

    who = Actor("machine:command-line", "Baris perintah")
    work.note(who, verb, "staff", staff.id, at=_now(), after=after, why=staff.login)


def _row(staff: "Staff") -> dict[str, object]:
    return {
        "login": staff.login,
        "name": staff.name,
        "role": staff.role.value,
        "unit": staff.unit,
        "disabled": staff.disabled_at is not None,
    }


def _now() -> datetime:
    return datetime.now(UTC)


def _write(config: "Config", story: Callable[["Work"], T]) -> T:
    from omnichannel.app import open_records

    async def told() -> T:
        async with open_records(config) as records:
            return await records.store.write(story)

    return run(told())
