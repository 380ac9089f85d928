from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects")

    def ready(self):
        from projects.models import Phase
        from projects.targets import register_target

        register_target(Phase, lambda user, project: project.phases.all())
