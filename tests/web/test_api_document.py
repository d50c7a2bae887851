"""The API keeps what its document promises, whatever a program sends: schemathesis asks every operation."""

import asyncio
import secrets
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from omnichannel.domain.people import Role
from omnichannel.domain.tokens import PREFIX
from omnichannel.web import guard
from omnichannel.web.api import operations
from omnichannel.web.api.document import openapi
from tests.web.front import a_front

EXAMPLES = 6
# Not among them: that whatever fits its schema is accepted (a cursor must be one of ours, a key must be new).
PROMISES = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]


def ask_everything(base: str, token: str, mode: GenerationMode) -> int:
    """Every operation with what fits its document, or with what does not; how many answers were looked at."""
    schema = schemathesis.openapi.from_dict(openapi(operations()))
    asked = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]

        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            answer = case.call(base_url=base, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code < 500, (case.method, case.path, answer.status_code, answer.text)
            case.validate_response(answer, checks=PROMISES)

        ask()
    return asked


@pytest.mark.slow
async def test_the_api_keeps_what_its_document_promises(tmp_path: Path) -> None:
    async with a_front(tmp_path) as front:
        for thread in ("t1", "t2"):
            await front.incoming("Lampu jalan mati", thread)
        person, token = await front.staff("api", Role.ADMINISTRATOR), PREFIX + secrets.token_urlsafe(32)
        await front.house.store.write(
            lambda work: work.tokens.add(
                name="uji",
                hashed=guard.token_hash(token),
                tail=token[-4:],
                staff_id=person.id,
                writes=True,
                unmasked=False,
                made_by="Uji",
                at=front.clock.now(),
                expires_at=None,
            )
        )
        base = str(front.server.make_url("")).rstrip("/")

        asked = [await asyncio.to_thread(ask_everything, base, token, mode) for mode in GenerationMode]

    assert min(asked) > len(operations())
