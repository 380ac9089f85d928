"""The conventions all API routes share: pages of 50, a refusal is 409 with its words."""

from rest_framework import status
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from common.errors import Refusal


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


def refusal_handler(exc, context):
    """Answer a domain's refusal with 409 and its words; everything else as the framework does."""
    if isinstance(exc, Refusal):
        return Response({"detail": str(exc)}, status=status.HTTP_409_CONFLICT)
    return exception_handler(exc, context)
