from .authorities import Authority
from .codes import FailedAttempt, SigningCode
from .delegations import Delegation
from .links import SigningLink
from .requests import SignatureRequest
from .sealed_files import SealedFile
from .signers import Signer

__all__ = [
    "Authority",
    "Delegation",
    "FailedAttempt",
    "SealedFile",
    "SignatureRequest",
    "Signer",
    "SigningCode",
    "SigningLink",
]
