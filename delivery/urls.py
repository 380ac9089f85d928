from django.urls import path

from delivery.views import deliverables, fragments, plan, raci, tasks

app_name = "delivery"

DELIVERABLES = "projects/<str:project_key>/deliverables"
DELIVERABLE = f"{DELIVERABLES}/<int:number>"

urlpatterns = [
    path("projects/<str:project_key>/plan/", plan.plan, name="plan"),
    path("projects/<str:project_key>/tasks/", tasks.task_list, name="task_list"),
    path("projects/<str:project_key>/tasks/add/", tasks.task_add, name="task_add"),
    path("projects/<str:project_key>/tasks/<int:number>/", tasks.task_detail, name="task_detail"),
    path("projects/<str:project_key>/tasks/<int:number>/edit/", tasks.task_edit, name="task_edit"),
    path("projects/<str:project_key>/tasks/<int:number>/progress/", tasks.task_progress, name="task_progress"),
    path(
        "projects/<str:project_key>/requirements/<int:number>/tasks/",
        fragments.requirement_tasks,
        name="requirement_tasks",
    ),
    path(f"{DELIVERABLES}/", deliverables.deliverable_list, name="deliverable_list"),
    path(f"{DELIVERABLES}/add/", deliverables.deliverable_add, name="deliverable_add"),
    path(f"{DELIVERABLES}/raci/", raci.raci_matrix, name="raci_matrix"),
    path(f"{DELIVERABLES}/raci/fill/", raci.raci_fill, name="raci_fill"),
    path(f"{DELIVERABLES}/raci/<int:number>/", raci.raci_edit, name="raci_edit"),
    path(f"{DELIVERABLE}/", deliverables.deliverable_detail, name="deliverable_detail"),
    path(f"{DELIVERABLE}/edit/", deliverables.deliverable_edit, name="deliverable_edit"),
    path(f"{DELIVERABLE}/delete/", deliverables.deliverable_delete, name="deliverable_delete"),
    path(f"{DELIVERABLE}/template/", deliverables.deliverable_template, name="deliverable_template"),
    path(f"{DELIVERABLE}/upload/", deliverables.version_upload, name="version_upload"),
    path(f"{DELIVERABLE}/versions/<int:version>/", deliverables.version_download, name="version_download"),
    path(f"{DELIVERABLE}/submit/", deliverables.deliverable_submit, name="deliverable_submit"),
    path(f"{DELIVERABLE}/review/", deliverables.deliverable_review, name="deliverable_review"),
    path(f"{DELIVERABLE}/reopen/", deliverables.deliverable_reopen, name="deliverable_reopen"),
    path(
        "projects/<str:project_key>/phases/<int:number>/deliverables/",
        fragments.phase_deliverables,
        name="phase_deliverables",
    ),
]
