from accounts.models import User
from projects.enums import Audience
from projects.models import Project
from projects.roles import is_customer, is_team


def audience_for(author: User, project: Project, wanted: str) -> str:
    """Return for whom what `author` adds is: a customer's is for both sides; for another's its caller chooses, by
    default the team."""
    if is_customer(author, project) and not is_team(author, project):
        return Audience.CUSTOMER
    return Audience(wanted or Audience.TEAM)
