"""Citizens of the toy platforms: names drawn from two lists, belonging to nobody."""

from random import Random

_FIRST = (
    "Rahma", "Jumadi", "Lisna", "Herlang", "Nurul", "Bahran", "Yuliana", "Kasman", "Dayang", "Lung", "Markus", "Wati",
    "Ipul", "Sari", "Dodi", "Mardiah", "Encek", "Fitri", "Aliman", "Tini", "Ruslan", "Mega", "Paulus", "Hamsiah",
)  # fmt: skip
_LAST = (
    "Toyana", "Wehalang", "Sangaji Toy", "Kariatoy", "Lembangan", "Muarasa", "Etamia", "Rantaya", "Bukitani", "Sepasari",
    "Kelinja", "Pesisira", "Wahauri", "Telenna", "Kaubuna", "Maloyan", "Sandarin", "Benuari", "Lingganto", "Karanga",
)  # fmt: skip


def somebody(rng: Random) -> str:
    """A name out of a few hundred."""
    return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"
