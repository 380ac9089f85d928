"""Template tags that every page may use; they are built in, so no page loads them."""

from django import template

register = template.Library()
