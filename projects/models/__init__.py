from .attachments import Attachment
from .audience import Audienced, AudienceQuerySet
from .comments import Comment
from .memberships import Membership
from .numbers import NumberSeries
from .phases import Phase, PhaseItem
from .projects import Project

__all__ = [
    "Attachment",
    "AudienceQuerySet",
    "Audienced",
    "Comment",
    "Membership",
    "NumberSeries",
    "Phase",
    "PhaseItem",
    "Project",
]
