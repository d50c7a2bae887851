"""No two rooms import each other, not by a detour either: then any of them may be imported first."""

from graphlib import TopologicalSorter

import grimp


def test_no_import_goes_in_a_circle() -> None:
    graph = grimp.build_graph("omnichannel", exclude_type_checking_imports=True, cache_dir=None)
    order = TopologicalSorter({room: graph.find_modules_directly_imported_by(room) for room in graph.modules})
    assert len(tuple(order.static_order())) == len(graph.modules)  # CycleError names the circle
