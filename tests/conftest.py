"""Names the fixture files; each tells its own story. A new room of fixtures adds one line here.

How many examples a property is tried with: few after every change, many in `make drills` (--hypothesis-profile=many).
"""

from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code: no deadline, and drawing may be slow.
settings.register_profile("few", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("many", settings.get_profile("few"), max_examples=2000)
settings.load_profile("few")

pytest_plugins = [
    "tests.parts.heap",
    "tests.parts.missing",
    "tests.parts.spread",
    "tests.parts.fixtures",
    "tests.house",
]
