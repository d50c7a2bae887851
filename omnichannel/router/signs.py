"""What a learnt model weighs by name beside the words: each cue as loud as it was heard, where it stood, what each sentence
says, and the form of the message.

Where a thing is said tells what is meant: a letter opens with thanks and closes with the request, a review opens with praise
and ends in a wish. A bag of words knows nothing of it.
"""

from collections.abc import Mapping

from omnichannel.domain.case import Kind
from omnichannel.domain.understanding import KindCue
from omnichannel.router.classify import Features
from omnichannel.router.cues import Hit

OPENING, CLOSING = 0.3, 0.7  # shares of a message's words

Sums = dict[Kind, float]


def signs(features: Features) -> dict[str, float]:
    """Every sign of the message and its strength."""
    heard = {f"cue:{name}": strength for name, strength in features.cues.items()}
    heard.update(dict.fromkeys((f"shape:{name}" for name in features.shapes), 1.0))
    if features.kind_hits:
        heard.update(dict.fromkeys(_places(features), 1.0))
        heard.update(_sentences(features))
    return heard


def by_sentence(features: Features) -> Mapping[int, Sums]:
    """What the cues of each sentence weigh for each kind; sentences without a cue are left out."""
    found: dict[int, Sums] = {}
    for hit in features.kind_hits:
        sums = found.setdefault(features.plain.tokens[hit.first].sentence, dict.fromkeys(Kind, 0.0))
        for kind, weight in hit.owner.weights.items():
            sums[kind] += weight
    return found


def leading(sums: Sums) -> Kind:
    """The kind that a sentence speaks for most."""
    return max(Kind, key=lambda kind: sums[kind])


def _places(features: Features) -> list[str]:
    """Which cues open and close the message, by its words and by its sentences, and which come first and last of all."""
    tokens, hits = features.plain.tokens, features.kind_hits
    opening, closing, last_sentence = OPENING * len(tokens), CLOSING * len(tokens), tokens[-1].sentence
    named = [f"first:{min(hits, key=_begins).owner.name}", f"last:{max(hits, key=_ends).owner.name}"]
    for hit in hits:
        name, sentence = hit.owner.name, tokens[hit.first].sentence
        if hit.first <= opening:
            named.append(f"opening:{name}")
        if hit.last >= closing:
            named.append(f"closing:{name}")
        if sentence == 0:
            named.append(f"first sentence:{name}")
        if sentence == last_sentence:
            named.append(f"last sentence:{name}")
    return named


def _sentences(features: Features) -> dict[str, float]:
    """The kinds that the sentences speak for one by one, and how the message turns from its first to its last."""
    told = by_sentence(features)
    kinds = [leading(told[number]) for number in sorted(told)]
    found = {f"sentences:{kind}": kinds.count(kind) / len(kinds) for kind in kinds}
    found[f"begins:{kinds[0]}"] = found[f"ends:{kinds[-1]}"] = found[f"turns:{kinds[0]}>{kinds[-1]}"] = 1.0
    return found


def _begins(hit: Hit[KindCue]) -> tuple[int, int]:
    return hit.first, -hit.last


def _ends(hit: Hit[KindCue]) -> tuple[int, int]:
    return hit.last, hit.first
