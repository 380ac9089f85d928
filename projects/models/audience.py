from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.enums import CUSTOMER_ROLES, VENDOR_ROLES, Audience, Role

from .sharing import AuditAccess, SharedItem


class AudienceQuerySet(models.QuerySet):
    """What exists for whom, for rows with a `project` and an audience."""

    def visible_to(self, user):
        """The team sees all of its projects, a customer what is shared with it, an auditor what is for the audit."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_administrator:
            return self
        held = user.memberships
        return self.filter(
            Q(project__in=held.filter(role__in=VENDOR_ROLES).values("project"))
            | Q(audience=Audience.CUSTOMER, project__in=held.filter(role__in=CUSTOMER_ROLES).values("project"))
            | self.shared_with(user) & Q(project__in=held.filter(role=Role.AUDITOR).values("project"))
        )

    def shared_with(self, user) -> Q:
        """The condition for what `user` sees as an auditor: on the list of an open audit, or shared for every one."""
        open_ones = AuditAccess.objects.filter(is_open=True, people=user)
        return self.on_list_of(open_ones) | Q(shared_for_audit=True, project__in=open_ones.values("project"))

    def on_list_of(self, accesses) -> Q:
        """The condition for what is on the list of one of `accesses`."""
        kind = ContentType.objects.get_for_model(self.model)
        return Q(pk__in=SharedItem.objects.filter(access__in=accesses, content_type=kind).values("object_id"))


class Audienced(models.Model):
    """An object that its team sees at once and the customer or an auditor only when it is shared with them.

    `shared_for_audit` shares it for every audit of the project; the list of an audit (AuditAccess) adds what only that
    one sees.
    """

    audience = models.CharField(_("visible to"), max_length=20, choices=Audience, default=Audience.TEAM)
    shared_for_audit = models.BooleanField(_("shared for the audit"), default=False)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        abstract = True
