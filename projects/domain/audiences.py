from accounts.models import User
from projects.enums import Audience
from projects.models import Project
from projects.roles import is_team


def audience_for(author: User, project: Project, wanted: str) -> str:
    """Return for whom what `author` adds is: the team chooses, by default itself; a customer's is for both sides."""
    if not is_team(author, project):
        return Audience.CUSTOMER
    return Audience(wanted or Audience.TEAM)
