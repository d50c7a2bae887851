"""A label's name, and colours that hold their contrast on every ground of the desk."""

import re
from pathlib import Path

import pytest

from omnichannel.domain.errors import Invalid
from omnichannel.domain.label import LONGEST, Tone, fold, named, united

TOKENS = Path(__file__).parents[2] / "omnichannel/web/static/tokens.css"
GROUNDS = ("surface", "pane", "raised", "hover", "sunken", "bg")


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST + 1), "a,b", 'a"b', "a“b", "--", "🌊", "a\x00b"])
def test_a_name_that_could_not_be_searched_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        named(name)


def test_a_name_is_tidied_and_compared_without_its_capitals() -> None:
    assert named("  Banjir   Rob ") == "Banjir Rob"
    assert fold("Banjir  ROB") == fold("banjir rob")
    assert united((3, 1), (1, 2), ()) == (1, 2, 3)


def blocks() -> list[dict[str, str]]:
    """Light, dark by the system, dark by choice: each with all that it says in hex."""
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", one)) for one in TOKENS.read_text().split("color-scheme:")]
    return [one for one in found if "lab-abu" in one]


def light_of(hexa: str) -> float:
    parts = [int(hexa[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_tone_stands_out_on_every_ground_by_day_and_by_night() -> None:
    # WCAG 2.2, 1.4.11: 3:1 for what is not a word. The word beside it is ordinary text.
    assert len(blocks()) == 3
    for block in blocks():
        for tone in Tone:
            for ground in GROUNDS:
                one, other = sorted((light_of(block[f"lab-{tone.value}"]), light_of(block[ground])))
                assert (other + 0.05) / (one + 0.05) >= 4.5, (tone, ground)
