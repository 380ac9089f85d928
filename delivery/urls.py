from django.urls import path

from delivery.views import fragments, plan, tasks

app_name = "delivery"

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
]
