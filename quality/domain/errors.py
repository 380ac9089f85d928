from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class CaseChangedMeanwhile(Refusal):
    message = _("%(case)s was changed while you had it open. Read it again before you go on.")


class CaseIsRetired(Refusal):
    message = _("%(case)s is retired. Bring it back before you plan it.")


class CaseAlreadyInState(Refusal):
    message = _("%(case)s is already so.")


class CaseIsPlanned(Refusal):
    message = _("%(case)s is part of %(run)s, which is not finished. Finish the run or take the case out of it first.")


class SheetIsOutdated(Refusal):
    message = _("What this file would change is not what you looked through any more. Look at it again.")


class WorkbookWouldBeTooLarge(Refusal):
    message = _("More than %(limit)s test cases do not go into one workbook. Filter the list, or take CSV.")


class SuiteNameTaken(Refusal):
    message = _("There is a suite called “%(name)s” already.")


class SuiteIsFull(Refusal):
    message = _("%(suite)s would hold more than %(limit)s cases. Make another suite of some of them.")


class RunMoveNotAllowed(Refusal):
    message = _("%(run)s is “%(state)s”; that step is not open to it.")


class RunHasNoCases(Refusal):
    message = _("%(run)s has no cases. Choose the cases to be run first.")


class RunIsNotPlanned(Refusal):
    message = _("%(run)s has been started: its cases can only be added to, and what was executed stays.")


class CasesHaveNoSteps(Refusal):
    message = _("These cases have no steps, so nobody could run them: %(cases)s.")


class RunIsNotRunning(Refusal):
    message = _("%(run)s is not running, so no result can be recorded in it.")


class TesterIsNotOfProject(Refusal):
    message = _("%(person)s has no role in this project that may run cases.")


class FailureNeedsWords(Refusal):
    message = _("Say what you saw: a case that failed or was blocked needs a comment.")


class StepIsUnknown(Refusal):
    message = _("%(case)s has no step %(step)s.")


class StepHasFailed(Refusal):
    message = _("Step %(step)s is marked as failed, so the case as a whole cannot have passed.")


class ProposalIsDecided(Refusal):
    message = _("%(proposal)s is “%(state)s” already.")


class ProcessIsNotDone(Refusal):
    message = _("“%(process)s” cannot be signed off yet: every case of it must have passed, or not apply.")


class ProcessIsOfOthers(Refusal):
    message = _("The cases of “%(process)s” are given to others, who sign it off.")


class DefectMoveNotAllowed(Refusal):
    message = _("%(defect)s is “%(state)s”; that step is not open to it.")


class DeferredToThePast(Refusal):
    message = _("Defer a defect to a day that is still to come.")


class DuplicateOfItself(Refusal):
    message = _("%(defect)s cannot be a duplicate of itself.")


class OwnRefusal(Refusal):
    message = _("You have declined %(defect)s yourself: its reporter or somebody else confirms that.")


class ReporterWouldLoseIt(Refusal):
    message = _(
        "%(defect)s was reported by %(person)s of the customer and stays visible to them. What is for the team only "
        "belongs in a remark for the team."
    )


class OwnerIsNotOfTeam(Refusal):
    message = _("%(person)s is not in the team of this project.")


class ForeignRows(Refusal):
    message = _("What is tied together must be of one project.")


class RunIsFinished(Refusal):
    message = _("%(run)s is finished: what it was and what it showed stays as it is.")


class CriteriaNotAgreed(Refusal):
    message = _(
        "The acceptance criteria of “%(scope)s” are not agreed yet. Send them for signature on the Acceptance page; "
        "the run can start when both sides have signed."
    )


class CriteriaStand(Refusal):
    message = _("“%(scope)s” has acceptance criteria already. Change those, or reopen them.")


class CriteriaMoveNotAllowed(Refusal):
    message = _("The criteria of “%(scope)s” are “%(state)s”; that step is not open to them.")

    @classmethod
    def of(cls, criteria_set):
        return cls(scope=str(criteria_set), state=criteria_set.get_state_display())


class CriteriaAreEmpty(Refusal):
    message = _("There is no criterion yet. Write what must be true for the acceptance first.")


class CriteriaAreNotAgreed(Refusal):
    message = _("The criteria are not agreed, so nothing is checked against them yet.")


class CriterionIsMeasured(Refusal):
    message = _("“%(criterion)s” is measured by the system itself; nobody records a check for it.")


class ReasonMissing(Refusal):
    message = _("Give the reason: it is recorded and both sides are told.")


class ScopeIsAccepted(Refusal):
    message = _("“%(scope)s” is accepted; what it was accepted by stays as it is.")


class CriteriaNotMet(Refusal):
    message = _("Not every criterion of “%(scope)s” is met, so its acceptance cannot be asked for.")


class CriterionWithoutItem(Refusal):
    message = _("Not met, and no item of the punch list says how it will be: criterion %(criteria)s.")


class NothingIsAccepted(Refusal):
    message = _("Choose at least one line that is accepted now.")


class DeemingNeedsClause(Refusal):
    message = _("Say where the contract has silence count as acceptance, and after how many working days (3 to 60).")


class WaiverStands(Refusal):
    message = _("A waiver of “%(subject)s” waits for signature, or is signed.")


class WaiverMoveNotAllowed(Refusal):
    message = _("%(waiver)s is “%(state)s”; that step is not open to it.")


class PunchMoveNotAllowed(Refusal):
    message = _("Item %(item)s of the punch list is “%(state)s”; that step is not open to it.")


class AcceptanceStands(Refusal):
    message = _("The acceptance of “%(scope)s” waits for signature, or was given.")


class AcceptanceMoveNotAllowed(Refusal):
    message = _("The acceptance of “%(scope)s” is “%(state)s”; that step is not open to it.")


class RowsAreMapped(Refusal):
    message = _("No row of %(file)s is called “%(name)s” and still without a test case.")


class DefectIsOpen(Refusal):
    message = _("%(defect)s is open for %(case)s already.")


class RowIsNoFailure(Refusal):
    message = _("“%(name)s” has not failed, or has no test case yet.")


class AuditorsOfOneOrganisation(Refusal):
    message = _("An audit is made by people of one auditing organisation, each an auditor of this project.")


class AuditMoveNotAllowed(Refusal):
    message = _("%(audit)s is “%(state)s”; that step is not open to it.")

    @classmethod
    def of(cls, audit):
        return cls(audit=audit.code, state=audit.get_state_display())


class FindingsAreOpen(Refusal):
    message = _("%(audit)s has open findings: %(findings)s. Close them first.")


class FindingIsSettled(Refusal):
    message = _("%(finding)s is “%(state)s”; that step is not open to it.")

    @classmethod
    def of(cls, finding):
        return cls(finding=str(finding), state=finding.get_state_display())


class AboutIsNotShared(Refusal):
    message = _("“%(thing)s” is not shared for this audit.")


class ActionsNotVerified(Refusal):
    message = _("%(finding)s has corrective actions that are not verified: %(actions)s.")


class NothingWasDone(Refusal):
    message = _("%(finding)s is a nonconformity without any corrective action, so it cannot be closed.")


class ActionMoveNotAllowed(Refusal):
    message = _("%(action)s is “%(state)s”; that step is not open to it.")


class EvidenceMissing(Refusal):
    message = _("Attach at least one file that shows what was done.")


class OwnerDoesNotFit(Refusal):
    message = _("%(person)s is not of this project, or this audit is not shared with the customer.")
