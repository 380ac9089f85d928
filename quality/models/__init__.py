from .acceptances import Acceptance
from .audits import ActionEvent, Audit, AuditFinding, CorrectiveAction
from .cases import CaseVersion, TestCase, TestStep
from .criteria import SCALE, Check, CriteriaSet, Criterion, scope_name, scope_slug
from .decisions import AcceptanceLine as AcceptanceLine
from .decisions import AcceptanceNotice as AcceptanceNotice
from .decisions import AcceptanceRecord as AcceptanceRecord
from .decisions import PunchItem as PunchItem
from .defects import Defect, DefectMove
from .imports import ImportedFindings, ImportedRow, ImportedTimes, ResultImport, RowMapping
from .proposals import CaseProposal
from .runs import Execution, Result, TestRun
from .sheets import CaseSheet
from .signoffs import ProcessSignOff
from .suites import SuiteEntry, TestSuite
from .waivers import Waiver as Waiver

__all__ = [
    "SCALE",
    "Acceptance",
    "ActionEvent",
    "Audit",
    "AuditFinding",
    "CaseProposal",
    "CaseSheet",
    "CaseVersion",
    "Check",
    "CorrectiveAction",
    "CriteriaSet",
    "Criterion",
    "Defect",
    "DefectMove",
    "Execution",
    "ImportedFindings",
    "ImportedRow",
    "ImportedTimes",
    "ProcessSignOff",
    "Result",
    "ResultImport",
    "RowMapping",
    "SuiteEntry",
    "TestCase",
    "TestRun",
    "TestStep",
    "TestSuite",
    "scope_name",
    "scope_slug",
]
