"""Spares the garbage collector the tests themselves: finding six thousand of them makes a million objects that all stay.

Looking through these again and again took four seconds of ten until the first test ran, in each process.
"""

import gc

import pytest

gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """From here on garbage is collected as in the service; what is there by now is passed over."""
    gc.freeze()
    gc.enable()
