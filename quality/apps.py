from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {  # how the trail words what this app does
    "retire": _("retired"),
    "restore": _("brought back"),
    "plan": _("chose the cases"),
    "result": _("recorded a result"),
    "make_case": _("made a test case of it"),
    "sign_off": _("signed off"),
    "take_back": _("took the sign-off back"),
    "fix": _("fixed"),
    "defer": _("put off"),
    "duplicate": _("marked as duplicate"),
    "check": _("recorded a check"),
    "agree": _("agreed by both sides"),
    "return": _("back to draft"),
    "request": _("requested"),
    "accept": _("accepted"),
    "accept_with_conditions": _("accepted with conditions"),
    "propose": _("proposed"),
    "grant": _("granted"),
    "refuse": _("refused"),
    "do": _("said that it is done"),
    "confirm": _("confirmed"),
    "send_back": _("sent back"),
    "fulfil": _("conditions fulfilled"),
    "deem": _("deemed accepted"),
    "give_notice": _("gave notice"),
    "print_record": _("printed the record"),
    "arrange": _("chose and ordered the cases"),
    "import": _("imported"),
    "import_cases": _("imported test cases"),
    "map": _("mapped rows to a test case"),
    "share_for_audit": _("shared for an audit"),
    "unshare_for_audit": _("no longer shared for an audit"),
    "record": _("recorded"),
    "report": _("reported"),
    "report_done": _("reported as done"),
    "verify": _("verified"),
}


class QualityConfig(AppConfig):
    name = "quality"
    verbose_name = _("Quality")

    def _register_outcomes(self):
        """How an acceptance can end, and what it leaves to be done."""
        from projects.targets import register_target
        from quality import kinds
        from quality.domain import acceptances, punch_items
        from quality.models import Acceptance, PunchItem
        from signing.kinds import register

        register_target(Acceptance, acceptances.visible_to, lookup="pk", concerns=("requested_by",))
        register_target(PunchItem, punch_items.visible_to, lookup="pk", concerns=("owner",))
        register(kinds.CONDITIONAL)
        register(kinds.WAIVER)

    def ready(self):
        from audit.domain.words import register_verbs
        from projects.gate_facts import register_gate_facts
        from projects.parts import register_part
        from projects.sections import register_sections
        from projects.shareable import Shareable, register_shareable
        from projects.targets import register_target
        from quality import deliverable_source, kinds, sources
        from quality.domain import gate_facts, playbook, queries
        from quality.exports import SECTIONS
        from quality.models import Acceptance, Check, CriteriaSet, Defect, Result, TestCase, TestRun
        from signing.kinds import register

        register_verbs(VERBS)
        self._register_outcomes()
        register_part("test_cases", playbook.make_test_cases)
        register_part("criteria", playbook.make_criteria)
        register_target(TestCase, queries.visible_cases, concerns=("created_by",))
        register_target(Defect, queries.visible_defects, concerns=("owner", "reported_by"))
        register_target(Result, queries.visible_results, lookup="pk")
        register_target(Check, queries.visible_checks, lookup="pk")
        sources.register(deliverable_source.SOURCE)
        register(kinds.CRITERIA)
        register(kinds.ACCEPTANCE)
        register_gate_facts(gate_facts.defect_facts)
        register_gate_facts(gate_facts.acceptance_facts)
        register_sections(*SECTIONS)
        register_shareable(Shareable(TestCase, _("Test cases"), ("title",)))
        register_shareable(Shareable(TestRun, _("UAT runs"), ("name",)))
        register_shareable(Shareable(Defect, _("Defects"), ("title",)))
        register_shareable(Shareable(CriteriaSet, _("Acceptance criteria"), ("phase__name",), ("phase",)))
        register_shareable(Shareable(Acceptance, _("Acceptances"), ("phase__name",), ("phase",)))
