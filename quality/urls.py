from django.urls import path

from quality.views import acceptance, cases, criteria, defects, executions, fragments, imports, runs, work

app_name = "quality"

PROJECT = "projects/<str:project_key>"
CRITERIA = f"{PROJECT}/acceptance/<str:scope>/criteria/<int:version>"

urlpatterns = [
    path(f"{PROJECT}/tests/", cases.case_list, name="case_list"),
    path(f"{PROJECT}/tests/new/", cases.case_create, name="case_create"),
    path(f"{PROJECT}/tests/<int:number>/", cases.case_detail, name="case_detail"),
    path(f"{PROJECT}/tests/<int:number>/edit/", cases.case_edit, name="case_edit"),
    path(f"{PROJECT}/tests/<int:number>/retire/", cases.case_retire, name="case_retire"),
    path(f"{PROJECT}/tests/<int:number>/restore/", cases.case_restore, name="case_restore"),
    path(f"{PROJECT}/uat/", runs.run_list, name="run_list"),
    path(f"{PROJECT}/uat/new/", runs.run_create, name="run_create"),
    path(f"{PROJECT}/uat/<int:number>/", runs.run_detail, name="run_detail"),
    path(f"{PROJECT}/uat/<int:number>/edit/", runs.run_edit, name="run_edit"),
    path(f"{PROJECT}/uat/<int:number>/cases/", runs.run_plan, name="run_plan"),
    path(f"{PROJECT}/uat/<int:number>/start/", runs.run_start, name="run_start"),
    path(f"{PROJECT}/uat/<int:number>/finish/", runs.run_finish, name="run_finish"),
    path(f"{PROJECT}/uat/<int:number>/cases/<int:case_number>/", executions.execution, name="execution"),
    path(
        f"{PROJECT}/uat/<int:number>/cases/<int:case_number>/record/",
        executions.execution_record,
        name="execution_record",
    ),
    path(f"{PROJECT}/uat/<int:number>/cases/<int:case_number>/send/", work.execution_send, name="execution_send"),
    path(f"{PROJECT}/uat/<int:number>/work/", work.run_work, name="run_work"),
    path("uat-worker.js", work.work_script, name="work_script"),
    path(f"{PROJECT}/results/", imports.import_list, name="import_list"),
    path(f"{PROJECT}/results/new/", imports.import_create, name="import_create"),
    path(f"{PROJECT}/results/<int:number>/", imports.import_detail, name="import_detail"),
    path(f"{PROJECT}/results/<int:number>/file/", imports.import_file, name="import_file"),
    path(f"{PROJECT}/results/<int:number>/map/", imports.import_map, name="import_map"),
    path(f"{PROJECT}/results/<int:number>/rows/<int:position>/defect/", imports.import_defect, name="import_defect"),
    path(f"{PROJECT}/defects/", defects.defect_list, name="defect_list"),
    path(f"{PROJECT}/defects/new/", defects.defect_create, name="defect_create"),
    path(f"{PROJECT}/defects/<int:number>/", defects.defect_detail, name="defect_detail"),
    path(f"{PROJECT}/defects/<int:number>/edit/", defects.defect_edit, name="defect_edit"),
    path(f"{PROJECT}/defects/<int:number>/fix/", defects.defect_fix, name="defect_fix"),
    path(f"{PROJECT}/defects/<int:number>/close/", defects.defect_close, name="defect_close"),
    path(f"{PROJECT}/defects/<int:number>/reopen/", defects.defect_reopen, name="defect_reopen"),
    path(f"{PROJECT}/requirements/<int:number>/tests/", fragments.requirement_cases, name="requirement_cases"),
    path(f"{PROJECT}/acceptance/", acceptance.acceptance, name="acceptance"),
    path(f"{PROJECT}/acceptance/new/", criteria.criteria_create, name="criteria_create"),
    path(f"{PROJECT}/acceptance/<str:scope>/request/", acceptance.acceptance_request, name="acceptance_request"),
    path(f"{CRITERIA}/", criteria.criteria_detail, name="criteria_detail"),
    path(f"{CRITERIA}/edit/", criteria.criteria_edit, name="criteria_edit"),
    path(f"{CRITERIA}/send/", criteria.criteria_send, name="criteria_send"),
    path(f"{CRITERIA}/reopen/", criteria.criteria_reopen, name="criteria_reopen"),
    path(f"{CRITERIA}/<int:position>/", criteria.criterion, name="criterion"),
]
