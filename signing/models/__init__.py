from .archive_copies import ArchiveCopy
from .authorities import Authority
from .codes import FailedAttempt, SigningCode
from .delegations import Delegation
from .links import SigningLink
from .requests import SignatureRequest
from .sealed_files import SealedFile
from .signers import Signer

__all__ = [
    "ArchiveCopy",
    "Authority",
    "Delegation",
    "FailedAttempt",
    "SealedFile",
    "SignatureRequest",
    "Signer",
    "SigningCode",
    "SigningLink",
]
