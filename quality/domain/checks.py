"""A person looks and says what was found, for a criterion that no machine measures."""

from collections.abc import Sequence
from fractions import Fraction

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.domain import trail
from projects.domain.attachments import attach
from projects.enums import Audience
from quality import sources
from quality.domain.errors import CriteriaAreNotAgreed, CriterionIsMeasured
from quality.enums import CriteriaState
from quality.models import SCALE, Check, Criterion
from signing.domain import requests


@transaction.atomic
def record_check(
    criterion_id: int, *, value: Fraction, comment: str, by: User, files: Sequence[UploadedFile] = ()
) -> Check:
    """Record what `by` found, with evidence; the latest check counts, earlier ones stay.

    Raises CriterionIsMeasured where a machine measures, CriteriaAreNotAgreed before the criteria are signed,
    and what a file is refused for.
    """
    criterion = Criterion.objects.select_related("criteria_set__project").get(pk=criterion_id)
    source = sources.find(criterion.source)
    if source is None or not source.is_manual:
        raise CriterionIsMeasured(criterion=criterion.statement)
    if criterion.criteria_set.state != CriteriaState.AGREED:
        raise CriteriaAreNotAgreed
    check = Check.objects.create(
        criterion=criterion,
        value_scaled=int(value * SCALE),
        comment=comment,
        checked_by=by,
        checked_at=timezone.now(),
    )
    for file in files:
        attach(check, file, by, Audience.CUSTOMER)
    trail.record("check", check, by=by, before={})
    requests.recheck(criterion.criteria_set.project, by)
    return check
