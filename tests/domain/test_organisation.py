"""The tree of units: paths, competence, and what a wrong tree says."""

import pytest

from omnichannel.domain.organisation import Level, Organisation, Unit
from tests.router.reading import understanding

ROOT = Unit("kutim", "Kabupaten", Level.KABUPATEN, code="64.08")
KECAMATAN = Unit("kec", "Kecamatan", Level.KECAMATAN, parent="kutim", code="64.08.01")
DESA = Unit("desa", "Desa", Level.DESA, parent="kec", code="64.08.01.2001")
PUPR = Unit("pupr", "PUPR", Level.OPD, parent="kutim", topics={"jalan_jembatan": 1.0, "air_bersih": 0.2})
PDAM = Unit("pdam", "PDAM", Level.OPD, parent="kutim", topics={"air_bersih": 1.0})


def test_a_unit_knows_the_way_up() -> None:
    tree = Organisation([ROOT, KECAMATAN, DESA])

    assert [unit.key for unit in tree.path("desa")] == ["kutim", "kec", "desa"]
    assert tree.kecamatan_of("desa") == KECAMATAN
    assert tree.kecamatan_of("kutim") is None
    assert tree.within("desa", "kutim")
    assert not tree.within("kec", "desa")
    assert tree.by_code("64.08.01.2001") == DESA
    assert tree.children("kutim") == (KECAMATAN,)
    assert tree.root == ROOT


def test_the_most_competent_comes_first() -> None:
    tree = Organisation([ROOT, PUPR, PDAM])

    assert [(unit.key, weight) for unit, weight in tree.competent("air_bersih")] == [("pdam", 1.0), ("pupr", 0.2)]
    assert tree.competent("pju") == ()


@pytest.mark.parametrize(
    ("units", "says"),
    [
        ([], "exactly one unit without a parent"),
        ([ROOT, Unit("b", "B", Level.OPD)], "exactly one unit without a parent"),
        ([ROOT, ROOT], "kutim: a key that no other unit has"),
        ([ROOT, Unit("b", "B", Level.OPD, parent="nobody")], "b: a parent that is a unit of this file, not 'nobody'"),
        ([ROOT, Unit("b", "B", Level.DESA, parent="kutim", code="64.08")], "b: a code that no other unit has"),
        ([ROOT, Unit("b", "B", Level.DESA, parent="kutim")], "b: an official code"),
        ([ROOT, Unit("b", "B", Level.OPD, parent="c"), Unit("c", "C", Level.OPD, parent="b")], "not in a circle"),
    ],
)
def test_a_wrong_tree_says_what_is_wrong(units: list[Unit], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Organisation(units)


def test_kutai_timur_is_whole() -> None:
    tree = understanding().organisation

    assert len(tree.at(Level.KECAMATAN)) == 18
    assert len(tree.at(Level.DESA)) == 139
    assert len(tree.at(Level.KELURAHAN)) == 2
    for unit in tree:
        if unit.level.village:
            above = tree[unit.parent or ""]
            assert unit.code is not None
            assert above.code == unit.code[:8]
