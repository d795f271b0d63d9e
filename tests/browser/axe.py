"""axe-core, put into a page through the debugger, so that no policy of the page has to allow it."""

from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "vendor" / "axe.min.js"
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules among them that a theme can break."""
RUN = """async (runOnly) => {
  const { violations } = await axe.run(document, { runOnly, iframes: false });
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""


def violations(page: Page) -> list[str]:
    """What axe reports about the page in its present state, one sentence each."""
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN, {"type": "tag", "values": ALL})
    return found


def violations_in_both_themes(page: Page) -> list[str]:
    """The same for a page in light colours, and what axe has against its dark ones."""
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    dark: list[str] = page.evaluate(RUN, {"type": "rule", "values": OF_COLOURS})
    page.emulate_media(color_scheme="light")
    return [*found, *(f"In the dark: {one}" for one in dark)]
