"""How a person likes their desk; nothing of it is anybody else's business."""

from enum import StrEnum
from typing import Protocol


class Density(StrEnum):
    """Two lines a row, or one."""

    COMFORTABLE = "nyaman"
    COMPACT = "padat"


class Tastes(Protocol):
    """Kept with the person, not with the browser: an office shares its computers."""

    def density(self, staff_id: int) -> Density: ...
    def set_density(self, staff_id: int, density: Density) -> None: ...
