from playwright.sync_api import expect

from tests.accounts.factories import UserFactory


def test_docs_page_works_under_the_policy_and_without_the_internet(visit, transactional_db):
    """`visit` fails the test on any violation of the content security policy."""
    page = visit(user=UserFactory())
    page.set_default_timeout(120_000)
    foreign = []
    page.on("request", lambda request: foreign.append(request.url) if "localhost" not in request.url else None)
    page.goto("/api/v1/docs/")
    heading = page.get_by_role("heading", name="Landfall")
    expect(heading).to_be_visible(timeout=120_000)  # the schema of the whole API is made first
    operation = page.locator(".opblock-summary-get", has_text="/projects/{project_key}/requirements/").first
    operation.click()
    expect(page.locator(".opblock-body").first).to_be_visible(timeout=120_000)
    assert [url for url in foreign if not url.startswith("data:")] == []
