from .baselines import Baseline, BaselineItem, BaselineObjective
from .objectives import Objective
from .requirements import Requirement
from .scopes import Scope

__all__ = ["Baseline", "BaselineItem", "BaselineObjective", "Objective", "Requirement", "Scope"]
