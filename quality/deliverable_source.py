"""The source of the criterion “documents delivered”: how many deliverables of the scope are approved."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quality.domain.criteria import Evidence, Measured, rate
from quality.domain.facts import ScopeFacts
from quality.enums import CriterionKind
from quality.models import Criterion
from quality.sources import AT_LEAST, HUNDRED, Source


def _approved(facts: ScopeFacts, criterion: Criterion) -> Measured:
    """The share that is approved; the evidence names what is not, or the register where all are."""
    missing = [row for row in facts.deliverables if not row.is_approved]
    total = len(facts.deliverables)
    measured = rate(total - len(missing), total)
    named = tuple(
        Evidence(
            f"DL-{row.number:03d}",
            reverse("delivery:deliverable_detail", args=[facts.project.key, row.number]),
            is_shared=row.is_shared,
        )
        for row in missing
    )
    register = Evidence(gettext("Deliverables"), reverse("delivery:deliverable_list", args=[facts.project.key]))
    return Measured(measured.value, measured.counts, evidence=named or ((register,) if total else ()))


SOURCE = Source(
    "deliverables_approved_rate",
    _("Deliverables and documents approved"),
    CriterionKind.DOCUMENTS,
    "%",
    AT_LEAST,
    HUNDRED,
    _approved,
)
