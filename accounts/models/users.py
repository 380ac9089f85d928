from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationKind, Theme
from common.dates import validate_time_zone


class UserManager(BaseUserManager["User"]):
    def get_queryset(self):
        """With the organisation: it decides which pages a person has, so every request would ask for it."""
        return super().get_queryset().select_related("organisation")

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)  # None makes it unusable: that person signs in by a code
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractBaseUser):
    """A person. Rights come from the roles in projects; only the administrator's are of the whole installation.

    A leaver is deactivated and never deleted: what they did stays.
    """

    trail_excludes = frozenset({"password", "last_login"})

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="people", verbose_name=_("organisation")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.AUTO)
    letter_keys = models.BooleanField(
        _("single-letter keys"),
        default=True,
        help_text=_("Letters typed outside a field go to pages and rows. Speech input may need this switched off."),
    )
    is_administrator = models.BooleanField(_("administrator of the installation"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deactivated_at = models.DateTimeField(null=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(name="accounts_user_email_is_lower_case", condition=models.Q(email=Lower("email"))),
            models.CheckConstraint(
                name="accounts_user_deactivation_matches_active",
                condition=models.Q(is_active=True, deactivated_at=None)
                | models.Q(is_active=False, deactivated_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    @property
    def is_of_vendor(self) -> bool:
        return self.organisation.kind == OrganisationKind.VENDOR

    @property
    def works_in_teams(self) -> bool:
        """Of those who deliver: the vendor's people and its suppliers'. They get the frame of the team."""
        return self.organisation.kind in {OrganisationKind.VENDOR, OrganisationKind.SUPPLIER}

    @property
    def state_word(self):
        if not self.is_active:
            return _("Deactivated")
        return _("Active") if self.last_login else _("Invited")

    @property
    def state_family(self) -> str:
        if not self.is_active:
            return "none"
        return "good" if self.last_login else "waiting"
