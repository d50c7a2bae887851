"""All of it in one piece: one slip anywhere stops the start, and nothing that is printed holds a password."""

from pathlib import Path

import pytest

from omnichannel.domain.errors import BadConfig
from omnichannel.settings.load import load, load_organisation
from omnichannel.settings.source import Source

PASSWORD = "sandi-saya"


def test_the_defaults_alone_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    config = load(None, {})

    assert config.accounts == ()
    assert config.database_url == "sqlite:///data/omnichannel.db"
    assert config.redis_url is None
    assert config.office.desk_unit in config.organisation
    assert str(config.clocks.calendar.zone) in ("Asia/Makassar", config.office.zone_name)


def test_an_address_that_nobody_chose_follows_the_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = load(None, {})

    moved = config.listening("127.0.0.1", 9571)

    assert moved.office.public_url == moved.server.public_url == "http://127.0.0.1:9571"
    assert config.listening("::1", 9571).office.public_url == "http://[::1]:9571"
    assert config.listening("127.0.0.1", 0) is config


def test_an_address_that_was_chosen_stays(tmp_path: Path) -> None:
    chosen = tmp_path / "omnichannel.toml"
    chosen.write_text('[server]\npublic_url = "https://warga.example.go.id"\n', encoding="utf-8")

    moved = load(chosen, {}).listening("0.0.0.0", 9571)

    assert moved.office.public_url == "https://warga.example.go.id"


def test_the_data_folder_may_be_given(tmp_path: Path) -> None:
    config = load(None, {}, data=tmp_path)

    assert config.server.data == tmp_path
    assert config.database_url == f"sqlite:///{tmp_path / 'omnichannel.db'}"


@pytest.mark.parametrize(
    "url", ["postgresql://humas:sandi-saya@db/omni", "postgres://db/omni", "sqlite:////srv/omni.db"]
)
def test_the_database_comes_from_the_environment_and_is_not_shown(url: str) -> None:
    config = load(None, {"OMNI_DATABASE_URL": url, "OMNI_REDIS_URL": f"redis://:{PASSWORD}@r/0"})

    assert config.database_url == url
    assert PASSWORD not in repr(config)


@pytest.mark.parametrize("url", [f"mysql://x:{PASSWORD}@y/z", f"host=x password={PASSWORD}", "sqlite://", "x"])
def test_another_database_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(BadConfig) as caught:
        load(None, {"OMNI_DATABASE_URL": url})

    assert caught.value.key == "OMNI_DATABASE_URL"
    assert PASSWORD not in str(caught.value)


def test_the_database_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://db/omni\n")

    assert load(None, {"OMNI_DATABASE_URL_FILE": str(tmp_path / "url")}).database_url == "postgresql://db/omni"


@pytest.mark.parametrize(
    "text", ["[servr]\n", "port = 1\n", "[server]\nprot = 1\n", "[[account]]\n", "[store]\ndata = 1\n"]
)
def test_one_slip_anywhere_stops_the_start(tmp_path: Path, text: str) -> None:
    main = tmp_path / "omnichannel.toml"
    main.write_text(text)

    with pytest.raises(BadConfig) as caught:
        load(main, {})

    assert caught.value.file == str(main)


def test_an_unknown_table_of_replies_is_found(tmp_path: Path) -> None:
    main = tmp_path / "omnichannel.toml"
    main.write_text("")
    carried = Path(__file__).parents[2] / "config" / "replies.toml"
    (tmp_path / "replies.toml").write_text(carried.read_text(encoding="utf-8") + "\n[kabar]\nx = 'y'\n")

    with pytest.raises(BadConfig, match="kabar"):
        load(main, {})


def test_the_units_can_be_read_by_themselves() -> None:
    assert "inspektorat" in load_organisation(Source(None, {}))
