"""What officers make sure of: from one file, with exact errors."""

from pathlib import Path

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.errors import BadConfig
from omnichannel.settings.checklists import LONGEST, MOST, load_checklists
from omnichannel.settings.source import Source

ITEM = '[[item]]\nkind = "complaint"\nkey = "{key}"\ntext = "{text}"\n'


def beside(folder: Path, text: str) -> Source:
    (folder / "omnichannel.toml").write_text("")
    (folder / "checklists.toml").write_text(text)
    return Source.find(folder / "omnichannel.toml", {})


def test_the_carried_lists_name_what_the_law_and_lapor_want() -> None:
    items = load_checklists(Source.find(None, {}))

    keys = {kind: {one.key for one in items if one.kind is kind} for kind in Kind}
    assert {"identitas", "tujuan"} <= keys[Kind.INFORMATION_REQUEST]
    assert {"foto", "lokasi"} <= keys[Kind.COMPLAINT]


def test_an_office_may_have_none(tmp_path: Path) -> None:
    assert load_checklists(beside(tmp_path, "")) == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (ITEM.format(key="a", text="x").replace("complaint", "keluhan"), "item #1.kind"),
        (ITEM.format(key="a", text="x") * 2, "item #2.key"),
        (ITEM.format(key="a", text="x" * (LONGEST + 1)), "item #1.text"),
        (ITEM.format(key="a", text=" "), "item #1.text"),
        ("".join(ITEM.format(key=f"k{n}", text="x") for n in range(MOST + 1)), f"item #{MOST + 1}.kind"),
        ("[[items]]\nkey = 'a'\n", "items"),
    ],
)
def test_what_cannot_be_is_named(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(BadConfig) as told:
        load_checklists(beside(tmp_path, text))

    assert told.value.key == key
