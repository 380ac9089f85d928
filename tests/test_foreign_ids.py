"""No form, filter or serializer of a project takes the id of another customer's rows, whoever may send it."""

import importlib
from pathlib import Path

import django_filters
import pytest
from django import forms
from django.conf import settings
from django.forms.models import ModelChoiceField
from django.test.utils import ContextList
from factory.django import DjangoModelFactory
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from accounts.models import Organisation, User
from projects.enums import Role
from projects.models import Project
from quality.models import Criterion
from tests.access import Route
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.quality.factories import CriteriaSetFactory, CriterionFactory
from tests.test_access import APPS, PROJECT_ROUTES, ROUTES, address

pytestmark = pytest.mark.django_db


def subclasses(parent):
    for child in parent.__subclasses__():
        yield child
        yield from subclasses(child)


def factories():
    """The factories of rows that belong to a project, by model."""
    for app in APPS:
        if (Path(settings.BASE_DIR) / f"tests/{app}/factories.py").exists():
            importlib.import_module(f"tests.{app}.factories")
    return {
        factory._meta.model: factory
        for factory in subclasses(DjangoModelFactory)
        if any(field.name == "project" for field in factory._meta.model._meta.get_fields())
    }


FACTORIES = factories()


@pytest.fixture
def foreign():
    """Another customer's project and people."""
    project = ProjectFactory()
    member(project, Role.SPONSOR)
    return project


def foreign_rows(model, project):
    """The primary keys of rows of `model` that are another customer's; made if there are none."""
    if model is User:
        return list(User.objects.filter(organisation=project.customer).values_list("pk", flat=True))
    if model is Organisation:
        return [project.customer_id]
    if model is Project:
        return [project.pk]
    if model is Criterion:
        return [
            CriterionFactory(criteria_set=CriteriaSetFactory(project=project, phase=PhaseFactory(project=project))).pk
        ]
    if model._meta.label == "quality.ImportedRow":  # belongs to the one import of its page
        return list(model.objects.values_list("pk", flat=True))
    return [FACTORIES[model](project=project).pk]


def takes_foreign(queryset, project):
    if not queryset.query.is_empty():
        return queryset.filter(pk__in=foreign_rows(queryset.model, project)).exists()
    return False


def is_class_of_ours(cls):
    return cls.__module__.split(".")[0] in APPS


def is_ours(thing):
    return is_class_of_ours(type(thing))


def forms_of(response):
    """Every form that a page was made from, those of its filters among them."""
    contexts = response.context if isinstance(response.context, ContextList) else [response.context or {}]
    for context in contexts:
        for layer in getattr(context, "dicts", []):
            for value in layer.values():
                filterset = value if isinstance(value, django_filters.FilterSet) else getattr(value, "filterset", None)
                if isinstance(value, forms.BaseForm) and is_ours(value):
                    yield value
                elif isinstance(filterset, django_filters.FilterSet):
                    yield filterset.form


def choice_fields(form):
    return {name: field for name, field in form.fields.items() if isinstance(field, ModelChoiceField)}


@pytest.mark.parametrize("name", [name for name in PROJECT_ROUTES if not ROUTES[name].post])
def test_page_offers_and_takes_no_row_of_another_customer(client, foreign, name):
    route: Route = ROUTES[name]
    project = ProjectFactory()
    role = Role.PROJECT_MANAGER if Role.PROJECT_MANAGER in route.allowed else sorted(route.allowed)[0]
    client.force_login(member(project, role))
    response = client.get(address(name, route, project))
    taken = {
        f"{type(form).__name__}.{field_name}"
        for form in forms_of(response)
        for field_name, field in choice_fields(form).items()
        if takes_foreign(field.queryset, foreign)
    }
    response.close()
    assert taken == set()


def related_fields(serializer):
    """Every field of a serializer, and of those inside it, that names another row."""
    for name, field in serializer.fields.items():
        child = getattr(field, "child_relation", None) or getattr(field, "child", None) or field
        if isinstance(child, serializers.RelatedField) and not child.read_only:
            yield name, child
        elif isinstance(child, serializers.BaseSerializer) and hasattr(child, "fields"):
            yield from related_fields(child)


# What names a customer on purpose, before there is a project: by right of the vendor's own people.
OUTSIDE_PROJECTS = {"InviteSerializer", "NewProjectSerializer"}
SERIALIZERS = sorted(
    {
        cls
        for cls in subclasses(serializers.Serializer)
        if is_class_of_ours(cls)
        and cls.__name__ not in OUTSIDE_PROJECTS
        and any(True for _field in related_fields(cls(context={"project": None})))
    },
    key=lambda cls: (cls.__module__, cls.__name__),
)


@pytest.mark.parametrize("serializer", SERIALIZERS)
def test_serializer_takes_no_row_of_another_customer(foreign, serializer):
    project = ProjectFactory()
    request = Request(APIRequestFactory().post("/"))
    request.user = member(project, Role.PROJECT_MANAGER)
    made = serializer(context={"project": project, "request": request})
    taken = {name for name, field in related_fields(made) if takes_foreign(field.get_queryset(), foreign)}
    assert taken == set()
