from playwright.sync_api import expect

from tests.accounts.factories import UserFactory


def scroll_to(operation, page):
    """The page draws only the operations that are in view, so go down until it is drawn."""
    page.mouse.move(700, 500)
    for _screen in range(100):
        if operation.count():
            return
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(100)  # a frame or two in which it draws; nothing announces them


def test_docs_page_works_under_the_policy_and_without_the_internet(visit, transactional_db):
    """`visit` fails the test on any violation of the content security policy."""
    page = visit(user=UserFactory())
    foreign = []
    page.on("request", lambda request: foreign.append(request.url) if "localhost" not in request.url else None)
    page.goto("/api/v1/docs/")
    heading = page.get_by_role("heading", name="Landfall")
    expect(heading).to_be_visible(timeout=30_000)  # the schema of the whole API is made first
    operation = page.locator(".opblock-summary-get", has_text="/projects/{project_key}/requirements/").first
    scroll_to(operation, page)
    operation.click()
    expect(page.locator(".opblock-body").first).to_be_visible(timeout=30_000)
    assert [url for url in foreign if not url.startswith("data:")] == []
