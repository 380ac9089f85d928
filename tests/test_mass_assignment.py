"""No form or serializer lets its caller write what the house decides: whose a row is, its state, who and when."""

import re

import pytest
from django import forms
from rest_framework import mixins, serializers

from tests.test_access import APPS, is_api, patterns
from tests.test_foreign_ids import subclasses

# Columns that only domain functions write.
OURS = re.compile(
    r"^(id|pk|project|state|sequence|is_superuser|is_staff|is_active|password|sha256|size|media_type"
    r"|\w+_by|\w+_at|\w*token\w*|\w*_hash|\w*_sha256)$"
)
# What people do decide although it is called like that, with the reason.
DECIDED_BY_PEOPLE = {
    ("MaintenanceForm", "announced_at"): "when the customer was told of it",
    ("MaintenanceForm", "starts_at"): "when it is planned",
    ("MaintenanceForm", "ends_at"): "when it is planned",
}


def of_ours(parent):
    found = {cls for cls in subclasses(parent) if cls.__module__.split(".")[0] in APPS and hasattr(cls, "Meta")}
    return sorted(found, key=lambda cls: (cls.__module__, cls.__name__))


def written(cls, names):
    return {name for name in names if OURS.match(name) and (cls.__name__, name) not in DECIDED_BY_PEOPLE}


@pytest.mark.parametrize("form", of_ours(forms.ModelForm))
def test_model_form_writes_no_column_of_the_house(form):
    columns = {field.name for field in form._meta.model._meta.get_fields()}
    assert written(form, columns & set(form.base_fields)) == set()


# Viewsets that make rows in a way of their own ask a serializer that is no ModelSerializer.
WRITING = {
    entry.callback.cls.serializer_class
    for _name, entry in patterns()
    if is_api(entry) and issubclass(entry.callback.cls, mixins.CreateModelMixin | mixins.UpdateModelMixin)
}


@pytest.mark.parametrize("serializer", [cls for cls in of_ours(serializers.ModelSerializer) if cls in WRITING])
def test_model_serializer_writes_no_column_of_the_house(serializer):
    fields = serializer(context={"project": None}).fields
    assert written(serializer, {name for name, field in fields.items() if not field.read_only}) == set()
