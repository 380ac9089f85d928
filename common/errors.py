"""The base of every refusal: something the domain will not do, worded for the person who asked."""

from django.utils.functional import Promise


class Refusal(Exception):
    """A rule says no. It carries its facts and words itself; pages show it, the API answers 409 with it.

    Subclasses set `message`, a lazily translated text with named parameters, and are raised with those parameters.
    """

    message: str | Promise = ""

    def __init__(self, **facts):
        super().__init__(facts)
        self.facts = facts

    def __str__(self):
        return str(self.message) % self.facts
