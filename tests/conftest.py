"""Names the fixture files; each tells its own story. A new room of fixtures adds one line here."""

pytest_plugins = [
    "tests.parts.missing",
    "tests.parts.fixtures",
    "tests.house",
]
