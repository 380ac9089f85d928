"""The API's router and the two conventions every route shares: pages of 50, refusals as 409."""

from rest_framework.pagination import PageNumberPagination
from rest_framework.routers import DefaultRouter
from rest_framework.views import exception_handler

router = DefaultRouter()


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


def refusal_handler(exc, context):
    return exception_handler(exc, context)
