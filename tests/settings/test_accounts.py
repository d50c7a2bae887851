"""Accounts: each with what it needs, told apart, and every slip named by file and key."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from omnichannel.domain.channel import STANZAS, Channel
from omnichannel.domain.errors import BadConfig
from omnichannel.domain.office import Account
from omnichannel.settings.accounts import environment_name, load_accounts
from omnichannel.settings.office import SECTIONS
from omnichannel.settings.rows import Row
from omnichannel.settings.source import Source

FILE = "omnichannel.toml"
EXAMPLE = Path(__file__).parents[2] / "config" / "omnichannel.example.toml"
ACCOUNTS = [channel for channel, stanza in STANZAS.items() if stanza.account]
TELEGRAM = '[[account]]\nname = "tg-humas"\nchannel = "telegram"\n'
TOKEN = {"OMNI_TG_HUMAS_TOKEN": "123:rahasia"}
MAIL = """
[[account]]
name = "surel"
channel = "mail"
address = "humas@contoh.go.id"
imap_url = "imaps://surel.contoh.go.id:993"
smtp_url = "smtp://surel.contoh.go.id:587"
"""
KEYS = {"OMNI_SUREL_USER": "humas", "OMNI_SUREL_PASSWORD": "rahasia"}


def accounts(text: str, environment: dict[str, str]) -> tuple[Account, ...]:
    return load_accounts(Row(tomllib.loads(text), FILE, "", SECTIONS), Source(None, environment))


def refused(text: str, environment: dict[str, str]) -> BadConfig:
    with pytest.raises(BadConfig) as caught:
        accounts(text, environment)
    return caught.value


def names(channel: Channel, *, needed: bool = False) -> list[str]:
    """The secrets of an account that says nothing beyond what it must."""
    return [key.name for key in STANZAS[channel].keys if not needed or key.needed({})]


def test_every_channel_has_its_stanza() -> None:
    assert set(STANZAS) == set(Channel)
    marks = [stanza.mark for stanza in STANZAS.values()]
    assert len(set(marks)) == len(marks)
    assert all(1 <= len(mark) <= 2 for mark in marks)


@pytest.mark.parametrize("channel", ACCOUNTS)
def test_the_example_shows_every_option_and_secret_of_a_channel(channel: Channel) -> None:
    stanzas = EXAMPLE.read_text(encoding="utf-8").split("# [[account]]")
    (shown,) = [stanza for stanza in stanzas if f'# channel = "{channel}"' in stanza]

    for option in STANZAS[channel].options:
        assert f"# {option.key} = " in shown
    for name in names(channel):
        assert name in shown


def test_our_own_pages_are_nobodys_account() -> None:
    assert refused('[[account]]\nname = "formulir"\nchannel = "web"\n', {}).key == "account #1.channel"


def test_an_account_has_its_options_and_its_secrets() -> None:
    found = accounts(TELEGRAM + 'base_url = "http://127.0.0.1:9/bot"\n' + MAIL, TOKEN | KEYS)

    assert [(one.name, one.channel) for one in found] == [("tg-humas", Channel.TELEGRAM), ("surel", Channel.MAIL)]
    assert found[0].text("base_url") == "http://127.0.0.1:9/bot"
    assert found[0].secret("TOKEN") == "123:rahasia"
    assert found[1].text("folder", "INBOX") == "INBOX"
    assert "rahasia" not in repr(found)


def test_no_account_at_all_is_fine() -> None:
    assert accounts("", {}) == ()


def test_the_old_secret_stays_beside_the_new_one(tmp_path: Path) -> None:
    (tmp_path / "lama").write_text("lama")
    environment = TOKEN | {"OMNI_TG_HUMAS_TOKEN_PREVIOUS_FILE": str(tmp_path / "lama")}

    (found,) = accounts(TELEGRAM, environment)

    assert found.secret("TOKEN_PREVIOUS") == "lama"
    assert found.secret("TOKEN") == "123:rahasia"


def test_only_the_old_secret_is_not_enough() -> None:
    assert refused(TELEGRAM, {"OMNI_TG_HUMAS_TOKEN_PREVIOUS": "lama"}).key == "OMNI_TG_HUMAS_TOKEN"


@pytest.mark.parametrize("channel", ACCOUNTS)
def test_a_missing_secret_is_named_as_the_environment_spells_it(channel: Channel) -> None:
    needs = {"address": "a@b.id", "imap_url": "imaps://x", "smtp_url": "smtps://x", "base_url": "https://x"}
    needed = [option.key for option in STANZAS[channel].options if option.needed]
    options = "".join(f'{key} = "{needs.get(key, "123456")}"\n' for key in needed)
    text = f'[[account]]\nname = "akun-satu"\nchannel = "{channel}"\n{options}'
    full = {f"OMNI_AKUN_SATU_{key}": "x" for key in names(channel)}
    assert len(accounts(text, full)) == 1

    for key in names(channel, needed=True):
        error = refused(text, {name: value for name, value in full.items() if name != f"OMNI_AKUN_SATU_{key}"})

        assert (error.file, error.key) == ("environment", f"OMNI_AKUN_SATU_{key}")
        assert "akun-satu" in error.expected


@pytest.mark.parametrize("channel", ACCOUNTS)
def test_every_needed_option_is_asked_for(channel: Channel) -> None:
    text = f'[[account]]\nname = "akun"\nchannel = "{channel}"\n'
    secrets = {f"OMNI_AKUN_{key}": "x" for key in names(channel)}

    needed = [option.key for option in STANZAS[channel].options if option.needed]
    if needed:
        assert refused(text, secrets).key == f"account #1.{needed[0]}"
    else:
        assert len(accounts(text, secrets)) == 1


def test_a_telegram_webhook_without_its_secret_lets_anybody_in() -> None:
    error = refused(TELEGRAM + 'mode = "webhook"\n', TOKEN)

    assert error.key == "OMNI_TG_HUMAS_WEBHOOK_SECRET"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("jalur = 1", "jalur"),
        ('mode = "polling"', "mode"),
        ("mode = 3", "mode"),
        ('mode = ""', "mode"),
        ('base_url = "api.telegram.org"', "base_url"),
        ('base_url = "ftp://x"', "base_url"),
    ],
)
def test_a_wrong_option_is_named_with_its_place(line: str, key: str) -> None:
    error = refused(f"{TELEGRAM}{line}\n", TOKEN)

    assert (error.file, error.key) == (FILE, f"account #1.{key}")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"imaps://surel.contoh.go.id:993"', '"surel.contoh.go.id"', "imap_url"),
        ('"smtp://surel.contoh.go.id:587"', '"imap://x"', "smtp_url"),
        ('"humas@contoh.go.id"', '"humas"', "address"),
        ('address = "humas@contoh.go.id"', 'address = "humas@contoh.go.id"\nsince = "kemarin"', "since"),
    ],
)
def test_a_wrong_mail_option_is_named(old: str, new: str, key: str) -> None:
    assert refused(MAIL.replace(old, new), KEYS).key == f"account #1.{key}"


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    error = refused(MAIL.replace("imaps://surel", "imaps://humas:sandi-saya@surel"), KEYS)

    assert error.key == "account #1.imap_url"
    assert "sandi-saya" not in str(error)


@pytest.mark.parametrize("name", ["TG", "tg_humas", "-tg", "tg humas", "tg/../x", "ü", "x" * 41])
def test_a_name_must_fit_an_address_and_a_variable(name: str) -> None:
    text = TELEGRAM.replace("tg-humas", name)

    assert refused(text, {f"OMNI_{environment_name(name)}_TOKEN": "x"}).key == "account #1.name"


def test_two_accounts_of_one_environment_name_are_refused() -> None:
    error = refused(TELEGRAM + TELEGRAM, TOKEN)

    assert error.key == "account #2.name"
    assert "OMNI_TG_HUMAS_" in error.expected


@pytest.mark.parametrize("name", ["lapor", "redis", "database"])
def test_an_account_does_not_take_the_services_own_variables(name: str) -> None:
    error = refused(TELEGRAM.replace("tg-humas", name), {f"OMNI_{name.upper()}_TOKEN": "x"})

    assert error.key == "account #1.name"


@pytest.mark.parametrize("channel", ['"gopher"', '""', "3", "true", '["telegram"]', "{}", "nan"])
def test_a_channel_that_is_none_is_refused_whatever_it_is(channel: str) -> None:
    error = refused(f'[[account]]\nname = "x"\nchannel = {channel}\n', {})

    assert error.key == "account #1.channel"
    assert "telegram" in error.expected


@pytest.mark.parametrize("text", ['account = "x"', "account = 3", '[account]\nname = "x"'])
def test_what_is_no_list_of_tables_is_refused(text: str) -> None:
    assert refused(text, {}).key == "account"


def test_a_list_of_anything_else_is_refused() -> None:
    assert refused("account = [1, 2]", {}).key == "account #1.channel"


def test_the_second_account_is_counted_as_people_count() -> None:
    text: Any = TELEGRAM + '[[account]]\nname = "b"\nchannel = "telegram"\nsalah = 1\n'

    assert refused(text, TOKEN | {"OMNI_B_TOKEN": "x"}).key == "account #2.salah"


X = '[[account]]\nname = "x-humas"\nchannel = "x"\n'
X_SECRETS = {f"OMNI_X_HUMAS_{key}": "x" for key in names(Channel.X, needed=True)}


def test_a_budget_is_a_whole_number_of_rupiah() -> None:
    (found,) = accounts(f"{X}monthly_budget_idr = 500000\n", X_SECRETS)
    assert found.options["monthly_budget_idr"] == 500_000

    for wrong in ('"500000"', "-1", "1.5", "true"):
        assert refused(f"{X}monthly_budget_idr = {wrong}\n", X_SECRETS).key == "account #1.monthly_budget_idr"


@pytest.mark.parametrize("number", ['"humas"', "1500000000000000001", '""'])
def test_a_user_id_is_a_number_in_quotes(number: str) -> None:
    assert refused(f"{X}user_id = {number}\n", X_SECRETS).key == "account #1.user_id"


def test_oauth_2_needs_a_refresh_token_and_a_webhook_the_consumer_secret() -> None:
    modern = f'{X}client_id = "aplikasi"\n'
    tokens = {"OMNI_X_HUMAS_ACCESS_TOKEN": "a", "OMNI_X_HUMAS_REFRESH_TOKEN": "r"}

    assert len(accounts(modern, tokens)) == 1
    assert refused(modern, {"OMNI_X_HUMAS_ACCESS_TOKEN": "a"}).key == "OMNI_X_HUMAS_REFRESH_TOKEN"
    assert refused(f'{modern}mode = "webhook"\n', tokens).key == "OMNI_X_HUMAS_CONSUMER_SECRET"
