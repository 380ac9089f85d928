"""Test cases, runs, imports, defects, criteria and acceptances over the same domain functions as the pages."""

from quality.api.acceptance import AcceptanceViewSet, CriteriaViewSet
from quality.api.audits import AuditViewSet
from quality.api.case_tables import CaseTableViewSet
from quality.api.cases import CaseViewSet
from quality.api.defects import DefectViewSet
from quality.api.imports import ResultImportViewSet
from quality.api.proposals import ProposalViewSet
from quality.api.runs import RunViewSet
from quality.api.suites import SuiteViewSet
from quality.api.traceability import TraceabilityViewSet
from quality.api.waivers import WaiverViewSet

PROJECT = r"projects/(?P<project_key>[A-Z0-9-]+)"


def register(router) -> None:
    router.register(f"{PROJECT}/test-cases", CaseViewSet, basename="test-case")
    router.register(f"{PROJECT}/test-case-proposals", ProposalViewSet, basename="test-case-proposal")
    router.register(f"{PROJECT}/test-case-tables", CaseTableViewSet, basename="test-case-table")
    router.register(f"{PROJECT}/test-suites", SuiteViewSet, basename="test-suite")
    router.register(f"{PROJECT}/test-runs", RunViewSet, basename="test-run")
    router.register(f"{PROJECT}/defects", DefectViewSet, basename="defect")
    router.register(f"{PROJECT}/traceability", TraceabilityViewSet, basename="traceability")
    router.register(f"{PROJECT}/result-imports", ResultImportViewSet, basename="result-import")
    router.register(f"{PROJECT}/criteria", CriteriaViewSet, basename="criteria")
    router.register(f"{PROJECT}/audits", AuditViewSet, basename="audit")
    router.register(f"{PROJECT}/waivers", WaiverViewSet, basename="waiver")
    router.register(f"{PROJECT}/acceptances", AcceptanceViewSet, basename="acceptance")
