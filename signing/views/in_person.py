"""Signing at a meeting, on a device of the vendor's: the person proves who they are by a code sent to themselves."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from projects.access import project_page
from signing.domain import codes, signatures
from signing.domain.errors import SigningRefusal
from signing.enums import Identification
from signing.permissions import can_host_signing
from signing.views import sign
from signing.views.circumstances import client_address, device
from signing.views.documents import visible_document


def _signer(request, project, number, version, signer_id):
    """The signer whose turn it is: never the host themselves, whose code would reach their own mailbox."""
    document = visible_document(request, project, number, version)
    signer = get_object_or_404(document.signers.with_delegations(), pk=signer_id)
    if not (document.is_open and signer.told_at and signer.is_waiting) or signer.user_id == request.user.pk:
        raise Http404
    signer.request = document
    if "django_language" not in request.COOKIES:
        translation.activate(signer.user.language)
        request.LANGUAGE_CODE = signer.user.language
    return signer


def _urls(signer) -> dict[str, str]:
    document = signer.request
    args = [document.project.key, document.number, document.version]
    names = ("open", "code", "decide")
    urls = {name: reverse(f"signing:in_person_{name}", args=[*args, signer.pk]) for name in names}
    page, body = reverse("signing:in_person", args=[*args, signer.pk]), reverse("signing:document_body", args=args)
    return urls | {"page": page, "body": body, "delegate": ""}


def _page(request, signer, form=None):
    context = sign.page_context(request, signer, _urls(signer), form or sign.decision_form(signer, needs_code=True))
    return render(request, "signing/sign.html", context | {"by_account": "", "host": request.user})


@project_page(can_host_signing)
@never_cache
@require_GET
def in_person(request, project, number, version, signer_id):
    return _page(request, _signer(request, project, number, version, signer_id))


@project_page(can_host_signing)
@require_POST
def in_person_open(request, project, number, version, signer_id):
    signer = _signer(request, project, number, version, signer_id)
    signatures.open_document(signer.pk)
    return redirect(_urls(signer)["page"])


@project_page(can_host_signing)
@require_POST
def in_person_code(request, project, number, version, signer_id):
    """Mail the code to the signer's own address; the host does not see it."""
    signer = _signer(request, project, number, version, signer_id)
    fault = ""
    try:
        codes.send_code(signer.pk)
    except SigningRefusal as refusal:
        fault = str(refusal)
    if request.htmx:
        return sign.code_fragment(request, signer, _urls(signer), fault)
    if fault:
        messages.error(request, fault)
    return _page(request, signer, sign.decision_form(signer, needs_code=True, typed=request.POST))


@project_page(can_host_signing)
@require_POST
def in_person_decide(request, project, number, version, signer_id):
    signer = _signer(request, project, number, version, signer_id)
    form = sign.decision_form(signer, request.POST, needs_code=True)
    if not form.is_valid():
        return _page(request, signer, form)
    if form.is_decline and "confirmed" not in request.POST:
        context = {"signer": signer, "document": signer.request, "urls": _urls(signer), "form": form}
        return render(request, "signing/decline.html", context)
    circumstances = signatures.Circumstances(
        Identification.CODE, client_address(request), device(request), host=request.user
    )
    try:
        codes.use_code(signer, form.cleaned_data["code"], address=client_address(request))
        sign.decide(signer, form, circumstances)
    except sign.CODE_REFUSALS as refusal:
        form.add_error("code", str(refusal))
        return _page(request, signer, form)
    except SigningRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        done = _("%(name)s declined.") if form.is_decline else _("%(name)s has signed. Thank you.")
        messages.success(request, done % {"name": signer.user.name})
    return redirect(signer.request)
