from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.access import is_administrator, is_signed_in, person_page
from common.lists import list_page
from notices.domain import reading, sending
from notices.domain.errors import SealBroken
from notices.filters import MailFilter
from notices.models import Message

OUTBOX_SIZE = 25


@person_page(is_signed_in)
def notice_list(request):
    notices = Message.objects.in_app_of(request.user)
    page = list_page(request, notices, sorts={"created": ("created_at", "pk")}, default="-created")
    fragment = request.htmx and not request.htmx.boosted
    response = render(request, "notices/_notice_items.html" if fragment else "notices/notice_list.html", {"page": page})
    patch_vary_headers(response, ["HX-Request"])
    return response


@person_page(is_signed_in)
@require_POST
def notice_open(request, pk):
    """Mark the notice read and go where it leads: by POST, since a GET changes nothing."""
    notice = get_object_or_404(Message.objects.in_app_of(request.user), pk=pk)
    reading.mark_read(request.user, pk)
    return redirect(notice.url or "notices:notice_list")


@person_page(is_signed_in)
@require_POST
def notice_read_all(request):
    reading.mark_read(request.user)
    return redirect("notices:notice_list")


@person_page(is_administrator)
def mail_list(request):
    """Mails that wait or were refused, with the reason: what an administrator looks at when somebody got no mail."""
    page = list_page(
        request,
        Message.objects.mails(),
        sorts={"created": ("created_at", "pk"), "address": ("address", "pk"), "attempts": ("attempts", "pk")},
        default="-created",
        filterset=MailFilter,
    )
    fragment = request.htmx and not request.htmx.boosted
    response = render(request, "notices/_mail_table.html" if fragment else "notices/mail_list.html", {"page": page})
    patch_vary_headers(response, ["HX-Request"])
    return response


@person_page(is_administrator)
@require_POST
def mail_send_again(request, pk):
    mail = get_object_or_404(Message.objects.mails(), pk=pk)
    sending.send_again(mail.pk)
    messages.success(request, _("The mail to %(address)s is tried again.") % {"address": mail.address})
    return redirect("notices:mail_list")


@person_page(is_administrator)
def outbox(request):
    """The demo's mails with their links and codes, so that a newcomer can follow the customer's side."""
    if not settings.LANDFALL_DEMO:
        raise Http404
    page = Paginator(Message.objects.mails().select_related("recipient"), OUTBOX_SIZE).get_page(request.GET.get("page"))
    mails = [(mail, readable_text(mail)) for mail in page]
    return render(request, "notices/outbox.html", {"mails": mails, "page": page, "now": timezone.now()})


def readable_text(mail: Message) -> str:
    try:
        return sending.text_of(mail)
    except SealBroken as broken:
        return str(broken)
