from tests.signing.conftest import phase_kind

__all__ = ["phase_kind"]
