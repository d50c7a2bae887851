"""What the guide writes, the loader reads; what a person wrote by hand wins; whatever somebody types stays one value."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.errors import BadConfig
from omnichannel.settings.guided import Guided, over, toml
from omnichannel.settings.load import assemble
from omnichannel.settings.source import Source

TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@given(name=TEXT, number=st.integers(0, 10**9))
def test_whatever_was_typed_is_read_back(name: str, number: int) -> None:
    table = {"office": {"name": name, "accent_hue": number}, "account": [{"name": "tg", "base_url": name}]}

    assert tomllib.loads(toml(table)) == table


def test_the_hand_written_file_wins_and_accounts_add_up() -> None:
    hand = {"office": {"name": "Tangan"}, "account": [{"name": "a"}], "server": {"port": 1}}

    whole = over(hand, {"office": {"name": "Pemandu", "short": "P"}, "account": [{"name": "b"}]})

    assert whole == {
        "office": {"name": "Tangan", "short": "P"},
        "account": [{"name": "a"}, {"name": "b"}],
        "server": {"port": 1},
    }


def test_an_account_of_the_guide_is_an_account(tmp_path: Path) -> None:
    table = {"office": {"name": "Kantor"}, "account": [{"name": "tg-humas", "channel": "telegram"}]}
    Guided(tmp_path).save(table, {"OMNI_TG_HUMAS_TOKEN": "12345:abc=def"})

    found = assemble(Source(None, {}), data=tmp_path)
    changed = assemble(Source(None, {"OMNI_TG_HUMAS_TOKEN": "67890:from-the-environment"}), data=tmp_path)

    assert found.office.name == "Kantor"
    assert found.accounts[0].secret("TOKEN") == "12345:abc=def"
    assert changed.accounts[0].secret("TOKEN") == "67890:from-the-environment"
    assert (tmp_path / "guided.env").stat().st_mode & 0o077 == 0
    assert "12345" not in (tmp_path / "guided.toml").read_text()


def test_what_is_proposed_is_tried_without_being_written(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="TOKEN"):
        assemble(Source(None, {}), data=tmp_path, proposed=({"account": [{"name": "tg", "channel": "telegram"}]}, {}))

    assert list(tmp_path.iterdir()) == []


def test_the_published_address_is_used_unless_somebody_wrote_another_by_hand(tmp_path: Path) -> None:
    Guided(tmp_path).save({"server": {"public_url": "https://layanan.example.go.id"}}, {})
    hand = tmp_path / "omnichannel.toml"
    hand.write_text('[server]\npublic_url = "https://tangan.example.go.id"\n')

    found = assemble(Source(None, {}), data=tmp_path)
    by_hand = assemble(Source.find(hand, {}), data=tmp_path)

    assert found.server.public_url == found.office.public_url == "https://layanan.example.go.id"
    assert found.listening("127.0.0.1", 9000).office.public_url == "https://layanan.example.go.id"
    assert by_hand.office.public_url == "https://tangan.example.go.id"
    whole = over({"server": {"port": 9}}, {"server": {"public_url": "https://a.id", "port": 1}})
    assert whole["server"] == {"public_url": "https://a.id", "port": 9}
