"""Wide fields of words, and what they do in a message together: somebody, a state of the body, and no way out.

An idea of danger.toml is narrow, and words towards which misspelt ones are mended. A sense is as wide as one can think of,
in every tongue spoken here, and no word is bent towards it. One sense says little; that several roles stand near one another
and that none speaks of another day, says danger in words that nobody has taught.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from omnichannel.domain.understanding import DANGER_ROLES, Idea
from omnichannel.router.cues import Hit, Matcher
from omnichannel.router.text import Plain, Token

NEAR = 6  # tokens within which two senses are felt together
# What each sort of sign is worth while we learn, beside a word's .7.
SENSE, NEARNESS, ROLE, SHARE = 1.5, 1.2, 1.0, 2.0
MANY = (2, 3)  # senses of one role, or of danger, from which on they count anew
# Tokens up to which a message is as short; two words may be a whole call for help.
SHORT = (1, 2, 4, 7, 12)


class Senses:
    """Finds senses; in words as they were typed where the plain word is none of theirs."""

    def __init__(self, senses: Iterable[Idea]) -> None:
        self._matcher: Matcher[Idea] = Matcher((phrase, sense) for sense in senses for phrase in sense.phrases)
        self._known = self._matcher.vocabulary()

    def find(self, plain: Plain) -> list[Hit[Idea]]:
        """Every sense at every place, in reading order."""
        return self._matcher.find(plain.with_tokens(tuple(map(self._heard, plain.tokens))))

    def _heard(self, token: Token) -> Token:
        if token.word in self._known or token.raw not in self._known:
            return token
        return token._replace(word=token.raw)


def signs(hits: Sequence[Hit[Idea]], length: int) -> dict[str, float]:
    """All that senses in `length` tokens say: each, two near one another, their roles, and how much of the text they are."""
    owners = {hit.owner.name: hit.owner for hit in hits}
    found = {f"sense:{name}": SENSE for name in owners}
    for one, other in _neighbours(hits):
        found[f"beside:{one}+{other}"] = NEARNESS
        first, second = sorted((owners[one].role, owners[other].role))
        found[f"roles near:{first}+{second}"] = ROLE
    roles = Counter(owner.role for owner in owners.values())
    found.update((f"role:{role}", ROLE) for role in roles)
    found.update((f"role {many}:{role}", ROLE) for role, count in roles.items() for many in MANY if count >= many)
    found.update((f"roles:{one}+{other}", ROLE) for one, other in combinations(sorted(roles), 2))
    dangers = {role: count for role, count in roles.items() if role in DANGER_ROLES}
    if not any(owner.calm for owner in owners.values()):
        found["unmuted"] = ROLE
        found.update((f"unmuted:{role}", ROLE) for role in dangers)
        found.update((f"unmuted {many}", ROLE) for many in MANY if sum(dangers.values()) >= many)
    size = next((f"{most}" for most in SHORT if length <= most), "more")
    found[f"size {size}"] = ROLE
    found.update((f"size {size}:{role}", ROLE) for role in roles)
    found["danger's share"] = SHARE * _share((hit for hit in hits if hit.owner.role in DANGER_ROLES), length)
    found["calm's share"] = SHARE * _share((hit for hit in hits if hit.owner.calm), length)
    return found


def _neighbours(hits: Sequence[Hit[Idea]]) -> set[tuple[str, str]]:
    """The names of senses near one another, in the order of the alphabet."""
    pairs: set[tuple[str, str]] = set()
    for at, one in enumerate(hits):
        name = one.owner.name
        for other in hits[at + 1 :]:
            if other.first - one.last > NEAR:
                break
            if name != other.owner.name:
                pairs.add((name, other.owner.name) if name < other.owner.name else (other.owner.name, name))
    return pairs


def _share(hits: Iterable[Hit[Idea]], length: int) -> float:
    return len({at for hit in hits for at in range(hit.first, hit.last + 1)}) / max(length, 1)
