from django.urls import path

from requirements.views import baselines, objectives, requirements

app_name = "requirements"

PROJECT = "projects/<str:project_key>"

urlpatterns = [
    path(f"{PROJECT}/objectives/", objectives.objective_list, name="objective_list"),
    path(f"{PROJECT}/objectives/add/", objectives.objective_add, name="objective_add"),
    path(f"{PROJECT}/objectives/<int:number>/", objectives.objective_detail, name="objective_detail"),
    path(f"{PROJECT}/objectives/<int:number>/edit/", objectives.objective_edit, name="objective_edit"),
    path(f"{PROJECT}/requirements/", requirements.requirement_list, name="requirement_list"),
    path(f"{PROJECT}/requirements/add/", requirements.requirement_add, name="requirement_add"),
    path(f"{PROJECT}/requirements/<int:number>/", requirements.requirement_detail, name="requirement_detail"),
    path(f"{PROJECT}/requirements/<int:number>/edit/", requirements.requirement_edit, name="requirement_edit"),
    path(
        f"{PROJECT}/requirements/<int:number>/withdraw/",
        requirements.requirement_withdraw,
        name="requirement_withdraw",
    ),
    path(f"{PROJECT}/requirements/<int:number>/restore/", requirements.requirement_restore, name="requirement_restore"),
    path(f"{PROJECT}/requirements/<int:number>/delete/", requirements.requirement_delete, name="requirement_delete"),
    path(f"{PROJECT}/baselines/", baselines.baseline_list, name="baseline_list"),
    path(f"{PROJECT}/baselines/freeze/", baselines.baseline_freeze, name="baseline_freeze"),
    path(f"{PROJECT}/baselines/<int:number>/", baselines.baseline_detail, name="baseline_detail"),
    path(f"{PROJECT}/baselines/<int:number>/send/", baselines.baseline_send, name="baseline_send"),
    path(f"{PROJECT}/baselines/<int:number>/compare/", baselines.baseline_difference, name="baseline_difference"),
    path(f"{PROJECT}/baselines/<int:number>/audit/", baselines.baseline_audit, name="baseline_audit"),
    path(f"{PROJECT}/baselines/<int:number>/reopen/", baselines.baseline_reopen, name="baseline_reopen"),
    path(f"{PROJECT}/baselines/<int:number>/discard/", baselines.baseline_discard, name="baseline_discard"),
]
