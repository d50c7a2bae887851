"""Where settings come from: beside the named file, else from the package; secrets from the environment or a file."""

import traceback
from pathlib import Path

import pytest

from omnichannel.domain.errors import BadConfig
from omnichannel.settings.source import Source

TOKEN = "rahasia-91"


def of(environment: dict[str, str], main: Path | None = None) -> Source:
    return Source(main, environment)


def test_without_a_file_the_defaults_of_the_package_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    source = Source.find(None, {})

    assert source.main is None
    assert source.settings() == ({}, "omnichannel.toml")
    table, file = source.table("replies.toml")
    assert "notice" in table
    assert file == "replies.toml"


def test_the_usual_place_is_found_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "omnichannel.toml").write_text("[server]\nport = 9000\n")

    assert Source.find(None, {}).settings()[0] == {"server": {"port": 9000}}


def test_a_file_of_the_same_name_beside_the_main_one_takes_the_default_place(tmp_path: Path) -> None:
    main = tmp_path / "kami.toml"
    main.write_text("")
    (tmp_path / "replies.toml").write_text('x = "milik kami"')

    source = Source.find(main, {})

    assert source.table("replies.toml") == ({"x": "milik kami"}, str(tmp_path / "replies.toml"))
    assert "kind" in source.table("routing.toml")[0] or source.table("routing.toml")[1] == "routing.toml"


def test_a_named_file_that_is_not_there_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"omnichannel\.example\.toml") as caught:
        Source.find(tmp_path / "lupa.toml", {})

    assert caught.value.file == str(tmp_path / "lupa.toml")


@pytest.mark.parametrize("content", [b"[server\n", b"port = = 1", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_what_is_no_toml_is_named_by_its_file(tmp_path: Path, content: bytes) -> None:
    main = tmp_path / "rusak.toml"
    main.write_bytes(content)

    with pytest.raises(BadConfig) as caught:
        Source.find(main, {}).settings()

    assert caught.value.file == str(main)


def test_a_data_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    main = tmp_path / "kami.toml"
    main.write_text("")
    broken = tmp_path / "replies.toml"
    broken.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadConfig, match="UTF-8") as caught:
        Source.find(main, {}).table("replies.toml")

    assert caught.value.file == str(broken)


def test_a_file_that_the_package_does_not_carry_is_a_broken_installation() -> None:
    with pytest.raises(BadConfig, match="incomplete"):
        of({}).table("tidak-ada.toml")


# ---------------------------------------------------------------- secrets


def test_a_secret_comes_from_the_environment(tmp_path: Path) -> None:
    found = of({"OMNI_X_TOKEN": f" {TOKEN}\n"}).secret("OMNI_X_TOKEN")

    assert found is not None
    assert found.reveal() == TOKEN


def test_or_from_the_file_that_the_environment_names(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")

    found = of({"OMNI_X_TOKEN_FILE": str(tmp_path / "token")}).secret("OMNI_X_TOKEN")

    assert found is not None
    assert found.reveal() == TOKEN


def test_the_value_itself_wins_over_a_file(tmp_path: Path) -> None:
    environment = {"OMNI_X_TOKEN": TOKEN, "OMNI_X_TOKEN_FILE": str(tmp_path / "tidak-ada")}

    found = of(environment).secret("OMNI_X_TOKEN")

    assert found is not None
    assert found.reveal() == TOKEN


@pytest.mark.parametrize("environment", [{}, {"OMNI_X_TOKEN": ""}, {"OMNI_X_TOKEN": "  "}, {"OMNI_X_TOKEN_FILE": ""}])
def test_an_empty_secret_is_none(environment: dict[str, str]) -> None:
    assert of(environment).secret("OMNI_X_TOKEN") is None
    assert of(environment).variable("OMNI_X_TOKEN") is None


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe" + TOKEN.encode()])
def test_a_secrets_file_that_holds_none_is_an_error_that_shows_nothing(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(BadConfig) as caught:
        of({"OMNI_X_TOKEN_FILE": str(path)}).secret("OMNI_X_TOKEN")

    assert caught.value.key == "OMNI_X_TOKEN_FILE"
    shown = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in shown


def test_the_source_shows_no_environment() -> None:
    assert TOKEN not in repr(of({"OMNI_X_TOKEN": TOKEN}))
