from .api_tokens import ApiToken
from .code_requests import CodeRequest
from .invitations import Invitation
from .organisations import Organisation
from .users import User

__all__ = ["ApiToken", "CodeRequest", "Invitation", "Organisation", "User"]
