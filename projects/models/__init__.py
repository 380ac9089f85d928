from .attachments import Attachment
from .audience import Audienced, AudienceQuerySet
from .comments import Comment
from .exports import EvidenceExport
from .gates import GateFinding, GateOverride, GateReview
from .holds import LegalHold
from .memberships import Membership
from .numbers import NumberSeries
from .phases import Phase, PhaseItem
from .projects import Project
from .sharing import AuditAccess, SharedItem

__all__ = [
    "Attachment",
    "AudienceQuerySet",
    "Audienced",
    "AuditAccess",
    "Comment",
    "EvidenceExport",
    "GateFinding",
    "GateOverride",
    "GateReview",
    "LegalHold",
    "Membership",
    "NumberSeries",
    "Phase",
    "PhaseItem",
    "Project",
    "SharedItem",
]
