"""`[lapor]`: what the gateway must know of us, and exact words for what is missing."""

from pathlib import Path

import pytest

from omnichannel.domain.errors import BadConfig
from omnichannel.settings.load import Config, load

KEYS = {"OMNI_LAPOR_KEY": "kunci", "OMNI_LAPOR_TOKEN": "token"}
WHOLE = 'way = "api"\nuser_id = "9"\ninstitution_id = "501"\n'


def config(tmp_path: Path, lapor: str, environment: dict[str, str] | None = None) -> Config:
    file = tmp_path / "omnichannel.toml"
    file.write_text(f"[lapor]\n{lapor}", encoding="utf-8")
    return load(file, KEYS if environment is None else environment)


def test_the_sheet_needs_no_key(tmp_path: Path) -> None:
    assert config(tmp_path, 'way = "sheet"\n', {}).partner is None


def test_the_gateway_is_known_by_its_way_and_ids_by_their_names(tmp_path: Path) -> None:
    found = config(tmp_path, WHOLE + 'institutions = {"Dinas Perhubungan" = 503}\nby_hand = ["inspektorat"]\n')

    assert found.partner is not None
    assert found.partner.base_url.startswith("https://api-splp.")
    assert found.partner.institutions == {"Dinas Perhubungan": "503"}
    assert found.office.lapor_by_hand == {"inspektorat"}
    assert "kunci" not in repr(found.partner)


@pytest.mark.parametrize(
    ("lapor", "environment", "named"),
    [
        (WHOLE, {}, "OMNI_LAPOR_KEY"),
        (WHOLE, {"OMNI_LAPOR_KEY": "x"}, "OMNI_LAPOR_TOKEN"),
        ('way = "api"\ninstitution_id = "501"\n', KEYS, "lapor.user_id"),
        (WHOLE + 'header = "X-Key"\n', KEYS, "lapor.header"),
        (WHOLE + 'base_url = "http://lapor.example"\n', KEYS, "lapor.base_url"),
        (WHOLE + 'base_url = "https://a:b@lapor.example"\n', KEYS, "lapor.base_url"),
        (WHOLE + 'institutions = ["x"]\n', KEYS, "lapor.institutions"),
        (WHOLE + 'by_hand = "pupr"\n', KEYS, "lapor.by_hand"),
        (WHOLE + 'kunci = "x"\n', KEYS, "lapor.kunci"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, lapor: str, environment: dict[str, str], named: str) -> None:
    with pytest.raises(BadConfig, match=named):
        config(tmp_path, lapor, environment)
