"""A template as staff choose it, and the platform's news of its state."""

from typing import Any

import pytest

from omnichannel.connectors.whatsapp.templates import news_of, template


def a_template(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "kabar", "language": "id", "status": "APPROVED", "components": list(components), **more}


BODY = {"type": "BODY", "text": "Halo {{1}}"}


def test_its_words_stand_as_the_citizen_reads_them() -> None:
    found = template(
        a_template(
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ya"}, {"type": "URL", "text": "Lihat"}]},
            {"type": "FOOTER", "text": "Pemkab"},
            BODY,
            {"type": "HEADER", "format": "TEXT", "text": "Kabar"},
        )
    )

    assert found.text == "Kabar\n\nHalo {{1}}\n\nPemkab\n\n[Ya] [Lihat]"
    assert found.plain


@pytest.mark.parametrize(
    "component",
    [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "HEADER", "format": "TEXT", "text": "Halo {{1}}"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Lihat", "url": "https://contoh.id/{{1}}"}]},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "text": "Salin"}]},
        {"type": "CAROUSEL", "cards": []},
    ],
)
def test_what_needs_more_than_words_is_not_ours_to_send(component: dict[str, Any]) -> None:
    assert not template(a_template(BODY, component)).plain


def test_the_reason_of_a_refusal_is_kept() -> None:
    assert template(a_template(BODY, status="REJECTED", rejected_reason="PROMOTIONAL")).why == "PROMOTIONAL"
    assert template(a_template(BODY, rejected_reason="NONE")).why == ""


@pytest.mark.parametrize(
    ("event", "state"),
    [
        ("APPROVED", "approved"),
        ("REINSTATED", "approved"),
        ("FLAGGED", "approved"),
        ("REJECTED", "rejected"),
        ("PAUSED", "paused"),
        ("DISABLED", "disabled"),
        ("PENDING", "pending"),
        ("SESUATU_BARU", "sesuatu_baru"),
    ],
)
def test_news_of_a_template_says_which_and_what(event: str, state: str) -> None:
    value = {"event": event, "message_template_name": "kabar", "message_template_language": "id", "reason": "NONE"}

    assert news_of(value) == {"template": "kabar", "language": "id", "state": state, "why": ""}


@pytest.mark.parametrize(
    "value", [{}, {"event": "APPROVED"}, {"message_template_name": "x"}, {"event": 5}, {"reason": []}]
)
def test_other_news_is_no_news_of_a_template(value: dict[str, Any]) -> None:
    assert news_of(value) == {}
