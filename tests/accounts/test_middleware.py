import pytest

pytestmark = pytest.mark.django_db


def test_stranger_is_sent_to_sign_in_and_back(client):
    response = client.get("/preferences/?a=b")
    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/preferences/%3Fa%3Db")


def test_fragment_makes_the_whole_page_sign_in_and_come_back(client):
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/preferences/tokens/?a=b"}
    response = client.get("/preferences/", headers=headers)
    assert response.headers["HX-Redirect"] == "/accounts/login/?next=%2Fpreferences%2Ftokens%2F%3Fa%3Db"
    assert response.content == b""


def test_fragment_of_a_foreign_page_leads_to_the_first_page(client):
    headers = {"hx-request": "true", "hx-current-url": "https://elsewhere.example/trap/"}
    response = client.get("/preferences/", headers=headers)
    assert response.headers["HX-Redirect"] == "/accounts/login/?next=%2F"
