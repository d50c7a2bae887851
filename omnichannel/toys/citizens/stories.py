"""What a citizen may want of the office, told in one or more turns. Invented, every one of them."""

from dataclasses import dataclass

from omnichannel.domain.case import Kind


@dataclass(frozen=True, slots=True)
class Story:
    """`turns` after the first come later, or once the office has answered. `edit` is what the first becomes."""

    kind: Kind
    topic: str
    turns: tuple[str, ...]
    photo: bool = False
    edit: str | None = None
    urgent: bool = False


def told(kind: Kind, topic: str, *texts: str) -> tuple[Story, ...]:
    """Stories of one turn each."""
    return tuple(Story(kind, topic, (text,)) for text in texts)
