"""The pieces of a message that a learnt model weighs: its plain words, pairs of words, and the runs of letters inside words.

Learning and judging both count by these functions, so that a weight means the same in both.
"""

from collections.abc import Iterator
from functools import lru_cache

from omnichannel.router.text import Plain

SHORTEST, LONGEST = 3, 5  # letters of a run, the edge of the word counted as one
MOST_LETTERS = 30  # of a word; whoever holds a key down has said nothing more
EDGE = " "
LETTERS = "~"  # marks a run of letters; no plain word holds it
FIRST, LAST = ">", "<"  # mark a word of the first and of the last sentence; no plain word begins so
MARKS = (LETTERS, FIRST, LAST)
MEMORY = 20_000


def words(plain: Plain) -> list[str]:
    """Each plain word once, in reading order: shouting a word ten times makes it no truer."""
    return list(dict.fromkeys(token.word for token in plain.tokens))


def pairs(plain: Plain) -> Iterator[tuple[str, int]]:
    """Words that stand side by side in one sentence, each pair once, with the place of the first."""
    seen: set[str] = set()
    tokens = plain.tokens
    for at in range(len(tokens) - 1):
        one, two = tokens[at], tokens[at + 1]
        if one.sentence == two.sentence and (pair := f"{one.word} {two.word}") not in seen:
            seen.add(pair)
            yield pair, at


def edges(plain: Plain) -> list[str]:
    """The words of the first and of the last sentence, each marked so, where there is more than one sentence: whoever tells a
    long story says in the end what they want."""
    tokens = plain.tokens
    if not tokens or (last := tokens[-1].sentence) == 0:
        return []
    marks = {0: FIRST, last: LAST}
    return list(dict.fromkeys(marks[one.sentence] + one.word for one in tokens if one.sentence in marks))


@lru_cache(maxsize=MEMORY)
def runs(word: str) -> tuple[str, ...]:
    """The runs of letters in a word: what words of one root, and the same word misspelt, have in common.

    None for emoji, which stand in the text as `:name:`.
    """
    if word.startswith(":"):
        return ()
    edged = f"{EDGE}{word[:MOST_LETTERS]}{EDGE}"
    found = (
        LETTERS + edged[at : at + size] for size in range(SHORTEST, LONGEST + 1) for at in range(len(edged) - size + 1)
    )
    return tuple(dict.fromkeys(found))


def grams(plain: Plain) -> list[str]:
    """Every piece of the message; a run counts once for each word that holds it."""
    found: list[str] = []
    for word in words(plain):
        found.append(word)
        found.extend(runs(word))
    found.extend(pair for pair, _ in pairs(plain))
    return found
