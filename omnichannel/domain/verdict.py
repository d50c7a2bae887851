"""What the classifier says of one message: kind, topic, unit, place, danger, why, and how sure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from omnichannel.domain.case import Kind

TOPICS = (
    "jalan_jembatan",
    "air_bersih",
    "pju",
    "sampah_lingkungan",
    "ketertiban",
    "bansos",
    "lalulintas_parkir",
    "kependudukan",
    "drainase_banjir",
    "perizinan",
    "kesehatan",
    "pendidikan",
    "perumahan_tanah",
    "ketenagakerjaan",
    "pertanian_perikanan",
    "keamanan",
    "umkm",
    "kepegawaian",
    "pungli",
    "listrik",
    "pajak",
    "damkar",
)
PERHAPS = "perhaps:"  # before a danger that only a person can tell
NO_TOPIC = "lainnya"


@dataclass(frozen=True, slots=True)
class Area:
    """A kecamatan or desa by its official code and name."""

    code: str
    name: str

    def as_json(self) -> dict[str, str]:
        """As the interface prints it."""
        return {"code": self.code, "name": self.name}


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is; the desa only where the citizen named it."""

    kecamatan: Area
    desa: Area | None

    def as_json(self) -> dict[str, Any]:
        """As the interface prints it."""
        return {"kecamatan": self.kecamatan.as_json(), "desa": self.desa.as_json() if self.desa else None}


@dataclass(frozen=True, slots=True)
class Reason:
    """Words that decided: `cue` is the citizen's own text, standing at start:end of the message.

    `speaks_for` is what they speak for: a kind, "topic:<topic>", "unit:<key>", "urgent:<danger>", "perhaps:<danger>",
    "authority:<whose>", "place:<code>".
    """

    cue: str
    weight: float
    speaks_for: str
    start: int
    end: int

    def as_json(self) -> dict[str, Any]:
        """As the interface prints it."""
        return {"cue": self.cue, "weight": round(self.weight, 2), "for": self.speaks_for, "at": [self.start, self.end]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`p` holds all four kinds and sums to 1; `kind` is its maximum even where a person is needed.

    `topics` and `units` are the three likeliest, best first. `words` are the message's own, made plain.
    """

    kind: Kind
    p: Mapping[Kind, float]
    second_kind: Kind | None
    needs_person: bool
    topic: str
    topics: tuple[tuple[str, float], ...]
    unit: str
    units: tuple[tuple[str, float], ...]
    place: Place | None
    urgent: bool
    reasons: tuple[Reason, ...]
    words: tuple[str, ...] = ()

    @property
    def perhaps_urgent(self) -> tuple[str, ...]:
        """The citizen's words in which danger to life was heard, but not surely enough for the alarm."""
        return tuple(reason.cue for reason in self.reasons if reason.speaks_for.startswith(PERHAPS))

    def as_json(self, id: object) -> dict[str, Any]:
        """One line of `omnichannel classify`."""
        return {
            "id": id,
            "kind": self.kind.value,
            "p": {kind.value: self.p[kind] for kind in Kind},
            "second_kind": self.second_kind.value if self.second_kind else None,
            "needs_person": self.needs_person,
            "topic": self.topic,
            "topics": [[topic, p] for topic, p in self.topics],
            "unit": self.unit,
            "units": [[unit, p] for unit, p in self.units],
            "place": self.place.as_json() if self.place else None,
            "urgent": self.urgent,
            "reasons": [reason.as_json() for reason in self.reasons],
        }
