from .api_tokens import ApiToken
from .invitations import Invitation
from .organisations import Organisation
from .users import User

__all__ = ["ApiToken", "Invitation", "Organisation", "User"]
