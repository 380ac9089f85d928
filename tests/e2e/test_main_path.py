"""The main job, end to end, in both languages: each person at their own window, and axe looks at every page.

The vendor works at 1440 px, the customer on a phone of 390 px. Nothing is done behind the pages but what the worker
does: walk/house.py calls the tasks that beat starts.
"""

import pytest

from projects.enums import Role
from tests.e2e.walk import acceptance, cast, health, scope, signatures


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.django_db(transaction=True)
def test_from_a_new_project_to_an_acknowledged_report(visit, tmp_path, language):
    people = cast.gather(visit, language)
    manager, sponsor, key_user, csm = people.manager, people.sponsor, people.key_user, people.csm

    scope.sign_in_with_password(manager)
    scope.start_project(people)
    scope.bring_in(people, sponsor, people.typed["customer"], Role.SPONSOR)
    scope.bring_in(people, key_user, people.typed["customer"], Role.KEY_USER)
    scope.bring_in(people, csm, people.typed["vendor"], Role.CSM)
    scope.edit_a_requirement(people)
    scope.freeze_the_baseline(people)
    signatures.both_sign(manager, sponsor, drawing=True)
    acceptance.agree_on_criteria(people)
    signatures.both_sign(manager, sponsor, drawing=False)
    scope.accept_invitation(key_user)
    acceptance.start_the_run(people)
    acceptance.run_the_cases(people)
    acceptance.fix_the_defect(people)
    acceptance.test_again(people)
    acceptance.check_by_hand(people)
    acceptance.request_acceptance(people)
    signatures.both_sign(manager, sponsor, drawing=True)
    signatures.check_the_sealed_file(signatures.download_newest(manager, people, tmp_path))

    scope.sign_in_with_password(csm)
    health.import_checks(people)
    health.set_live(people)
    health.publish_the_report(people)
    health.acknowledge_the_report(people)
