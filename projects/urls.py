from django.urls import path

from projects.views import discussions, evidence, gates, new, phases, playbooks, settings, team, trail

app_name = "projects"
urlpatterns = [
    path("new-project/", new.project_new, name="project_new"),
    path("playbooks/", playbooks.playbook_list, name="playbook_list"),
    path("playbooks/<slug:code>/", playbooks.playbook_detail, name="playbook_detail"),
    path("projects/<str:project_key>/settings/", settings.settings, name="settings"),
    path("projects/<str:project_key>/settings/<slug:move>/", settings.project_move, name="project_move"),
    path("projects/<str:project_key>/team/", team.team, name="team"),
    path("projects/<str:project_key>/team/add/", team.member_add, name="member_add"),
    path("projects/<str:project_key>/team/<int:user_id>/", team.member_edit, name="member_edit"),
    path("projects/<str:project_key>/team/<int:user_id>/remove/", team.member_remove, name="member_remove"),
    path("projects/<str:project_key>/phases/<int:number>/", phases.phase_detail, name="phase_detail"),
    path("projects/<str:project_key>/phases/<int:number>/edit/", phases.phase_edit, name="phase_edit"),
    path("projects/<str:project_key>/phases/<int:number>/move/<slug:move>/", phases.phase_move, name="phase_move"),
    path("projects/<str:project_key>/phases/<int:number>/items/<int:item_id>/", phases.phase_tick, name="phase_tick"),
    path(
        "projects/<str:project_key>/phases/<int:number>/items/<int:item_id>/evidence/",
        phases.phase_item,
        name="phase_item",
    ),
    path("projects/<str:project_key>/phases/<int:number>/review/", gates.gate_review_create, name="gate_review_create"),
    path("projects/<str:project_key>/phases/<int:number>/override/", gates.gate_override, name="gate_override"),
    path("projects/<str:project_key>/gates/", gates.gate_list, name="gate_list"),
    path("projects/<str:project_key>/gates/<int:number>/", gates.gate_review, name="gate_review"),
    path(
        "projects/<str:project_key>/gates/<int:number>/actions/<int:position>/",
        gates.gate_action_finish,
        name="gate_action_finish",
    ),
    path("projects/<str:project_key>/evidence/", evidence.evidence, name="evidence"),
    path("projects/<str:project_key>/evidence/retention/", evidence.retention_edit, name="retention_edit"),
    path("projects/<str:project_key>/evidence/hold/", evidence.hold_place, name="hold_place"),
    path("projects/<str:project_key>/evidence/hold/lift/", evidence.hold_lift, name="hold_lift"),
    path("projects/<str:project_key>/evidence/<int:pk>/", evidence.evidence_export, name="evidence_export"),
    path("projects/<str:project_key>/evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("projects/<str:project_key>/trail/", trail.trail, name="trail"),
    path("projects/<str:project_key>/discussion/<str:label>/<str:number>/", discussions.discussion, name="discussion"),
    path("projects/<str:project_key>/files/<int:pk>/", discussions.attachment, name="attachment"),
    path(
        "projects/<str:project_key>/files/<int:pk>/<slug:size>/",
        discussions.attachment_picture,
        name="attachment_picture",
    ),
]
