"""A template's places, and what they make once filled."""

import pytest

from omnichannel.domain.errors import Invalid
from omnichannel.domain.message import Template
from omnichannel.domain.template import fill, places, why_not

NEWS = Template("kabar", "id", "approved", "utility", "Halo {{1}}, laporan {{ 2 }} sudah {{1}}.")


def test_places_are_named_once_in_reading_order() -> None:
    assert places("{{nama}} dan {{2}} dan {{nama}} dan {{ }}") == ("nama", "2")


def test_a_filled_template_reads_as_the_citizen_will_read_it() -> None:
    use, text = fill(NEWS, {"1": "  Ibu Sari ", "2": "LAP-2026-000001", "9": "tidak terpakai"})

    assert text == "Halo Ibu Sari, laporan LAP-2026-000001 sudah Ibu Sari."
    assert use.values == {"1": "Ibu Sari", "2": "LAP-2026-000001"}


@pytest.mark.parametrize("value", ["", "   ", "dua\nbaris", "tab\tdi sini", "lima     spasi", "{{1}}", "a" * 1100])
def test_what_the_platform_would_refuse_is_refused_before_the_network(value: str) -> None:
    with pytest.raises(Invalid):
        fill(NEWS, {"1": value, "2": "x"})


@pytest.mark.parametrize("state", ["pending", "rejected", "paused", "disabled", "baru_sekali", ""])
def test_only_an_approved_one_leaves_and_the_others_say_why(state: str) -> None:
    held = Template("kabar", "id", state, text="Halo")

    assert why_not(held)
    with pytest.raises(Invalid):
        fill(held, {})


def test_one_that_needs_a_picture_is_not_ours_to_send() -> None:
    assert why_not(Template("kabar", "id", "approved", text="Halo", plain=False))
