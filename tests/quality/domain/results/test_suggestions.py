import pytest

from quality.domain.results.suggestions import Suggestions, words_of


def test_words_of_takes_names_of_programs_and_chinese_apart():
    assert words_of("billing.InvoiceTest / test_bookInvoiceTwice") == {"billing", "invoice", "book", "twice"}
    assert words_of("新建订单") == {"新建", "建订", "订单"}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("InvoiceTest / testBookInvoice", 1),
        ("订单 / 新建订单", 3),
        ("weather / it rains", None),
        ("", None),
    ],
)
def test_best_is_the_case_whose_title_shares_most_words(name, number):
    titles = {1: "Book an invoice", 2: "Book a payment run for all suppliers", 3: "新建订单", 4: "查询库存"}
    assert Suggestions(titles).best(name) == number
