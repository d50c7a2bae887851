"""axe in an open page: what the page does against the rules, and nothing else of its report.

The whole report names every element that any rule passed, with its markup. On a long list that is megabytes, and reading
them took longer than the judging.
"""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

# `resultTypes` leaves no rule out: it only keeps axe from describing each element of which nothing is to be said.
JUDGE = """async (rules) => {
    const report = await axe.run({runOnly: rules, resultTypes: ['violations']});
    const shown = (node) => `${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`;
    return {
        tried: report.passes.length + report.violations.length,
        faults: Object.fromEntries(report.violations.map((one) => [one.id, one.nodes.slice(0, 3).map(shown)])),
    };
}"""


async def faults(page: Page) -> dict[str, list[str]]:
    """Rule → the first three elements that break it, and how."""
    await page.evaluate(AXE_SCRIPT)
    report = await page.evaluate(JUDGE, list(RULES))
    assert report["tried"] > 3, "axe judged next to nothing: the page is empty, or the names of the rules are wrong"
    found: dict[str, list[str]] = report["faults"]
    return found
