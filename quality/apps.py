from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QualityConfig(AppConfig):
    name = "quality"
    verbose_name = _("Quality")

    def ready(self):
        from audit.domain.words import register_verbs
        from projects.parts import register_part
        from projects.targets import register_target
        from quality.domain import acceptances, agreements, playbook, queries
        from quality.models import Check, Defect, Result, TestCase
        from quality.permissions import can_request_acceptance, can_send_criteria
        from signing.kinds import DocumentKind, register

        register_verbs(
            {
                "retire": _("retired"),
                "restore": _("brought back"),
                "plan": _("chose the cases"),
                "result": _("recorded a result"),
                "fix": _("fixed"),
                "check": _("recorded a check"),
                "agree": _("agreed by both sides"),
                "return": _("back to draft"),
                "request": _("requested"),
                "accept": _("accepted"),
            }
        )
        register_part("test_cases", playbook.make_test_cases)
        register_part("criteria", playbook.make_criteria)
        register_target(TestCase, queries.visible_cases)
        register_target(Defect, queries.visible_defects)
        register_target(Result, queries.visible_results, lookup="pk")
        register_target(Check, queries.visible_checks, lookup="pk")
        register(
            DocumentKind(
                code=agreements.KIND,
                prefix="CRI",
                label=_("Acceptance criteria"),
                meaning=_("I agree that the acceptance is judged by these criteria."),
                template="quality/documents/criteria.html",
                manifest_of=agreements.manifest_of,
                can_send=can_send_criteria,
                on_signed=agreements.follow_signed,
                on_declined=agreements.follow_unsigned,
                on_voided=agreements.follow_unsigned,
                on_expired=agreements.follow_unsigned,
            )
        )
        register(
            DocumentKind(
                code=acceptances.KIND,
                prefix="ACC",
                label=_("Acceptance certificate"),
                meaning=_("I accept what this certificate describes, as it is described."),
                template="quality/documents/acceptance.html",
                manifest_of=acceptances.manifest_of,
                can_send=can_request_acceptance,
                on_signed=acceptances.follow_signed,
                on_declined=acceptances.follow_declined,
                on_voided=acceptances.follow_voided,
                on_expired=acceptances.follow_voided,
            )
        )
