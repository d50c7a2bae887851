"""Reports that SP4N-LAPOR! gives to this office: the account they come by is ours, so no configuration names it."""

from omnichannel.domain.case import Kind

ACCOUNT = "sp4n"
KINDS = {
    "permintaan informasi": Kind.INFORMATION_REQUEST,
    "permohonan informasi": Kind.INFORMATION_REQUEST,
    "aspirasi": Kind.ASPIRATION,
}


def kind_of(classification: str) -> Kind:
    """By LAPOR's class; what is none of the three is a complaint, as LAPOR itself takes it."""
    return KINDS.get(" ".join(classification.casefold().split()), Kind.COMPLAINT)
