from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.lists import list_page
from projects.access import project_page
from projects.roles import visible_in
from signing import kinds
from signing.domain import evidence, kit, links, requests
from signing.domain.errors import NotYourTurn, SigningRefusal
from signing.filters import DocumentFilter
from signing.forms import VoidForm
from signing.models import ArchiveCopy, SignatureRequest
from signing.permissions import (
    can_host_signing,
    can_remind_signer,
    can_share_document,
    can_view_document,
    can_void_request,
)
from signing.views.files import pdf_response, zip_response

SORTS = {
    "number": ("number", "-version", "pk"),
    "title": ("title", "pk"),
    "state": ("state", "pk"),
    "sent": ("sent_at", "pk"),
}


@project_page(can_view_document)
def document_list(request, project):
    documents = visible_in(SignatureRequest.objects.all(), request.user, project)
    rows = documents.defer("manifest", "body_html").select_related("project", "sealed_file")
    page = list_page(
        request,
        rows.prefetch_related("signers__user"),
        sorts=SORTS,
        default="-sent",
        filterset=DocumentFilter,
    )
    name = "signing/_document_table.html" if request.htmx else "signing/document_list.html"
    response = render(request, name, {"page": page, "kinds": dict(kinds.choices())})
    patch_vary_headers(response, ["HX-Request"])
    return response


def visible_document(request, project, number, version) -> SignatureRequest:
    visible = visible_in(SignatureRequest.objects.all(), request.user, project)
    document = get_object_or_404(visible.select_related("sent_by", "closed_by"), number=number, version=version)
    document.project = project  # with its customer
    return document


@project_page(can_view_document)
def document_detail(request, project, number, version):
    document = visible_document(request, project, number, version)
    return render(request, "signing/document_detail.html", _detail(request, document))


def _detail(request, document, void_form=None) -> dict:
    signers = list(document.signers.with_delegations().select_related("host"))
    turn = min((signer.order for signer in signers if signer.is_waiting), default=None)
    others = SignatureRequest.objects.filter(project=document.project, kind=document.kind, sequence=document.sequence)
    others = visible_in(others, request.user, document.project).exclude(pk=document.pk)
    return {
        "document": document,
        "kind_label": kinds.label_of(document.kind),
        "signers": signers,
        "turn": turn if document.is_open else None,
        "mine": next(
            (s for s in signers if s.user_id == request.user.pk and s.is_waiting and s.told_at and document.is_open),
            None,
        ),
        "sealed": getattr(document, "sealed_file", None),
        "archive_copies": ArchiveCopy.objects.filter(sealed_file__request=document),
        "events": evidence.events(document),
        "versions": others.defer("manifest", "body_html").order_by("-version"),
        "verify_url": evidence.verify_url(document),
        "can_void": document.is_open and can_void_request(request.user, document),
        "can_share": document.is_binding and can_share_document(request.user, document),
        "can_remind": document.is_open and can_remind_signer(request.user, document),
        "can_host": document.is_open and can_host_signing(request.user, document),
        "void_form": void_form or VoidForm(),
    }


@project_page(can_view_document)
def document_body(request, project, number, version):
    document = visible_document(request, project, number, version)
    return pdf_response(document.body_file, f"{document.number}-v{document.version}-unsigned.pdf")


@project_page(can_view_document)
def document_sealed(request, project, number, version):
    document = visible_document(request, project, number, version)
    if not document.is_sealed:
        raise Http404
    return pdf_response(document.sealed_file.file, document.file_name)


@project_page(can_view_document)
def document_archive(request, project, number, version, copy):
    """A copy of the sealed file with a newer time stamp."""
    document = visible_document(request, project, number, version)
    found = get_object_or_404(ArchiveCopy, sealed_file__request=document, number=copy)
    return pdf_response(found.file, found.file.rsplit("/", 1)[-1])


@project_page(can_view_document)
def document_kit(request, project, number, version):
    """Everything by which anybody can check the sealed document without us."""
    document = visible_document(request, project, number, version)
    if not document.is_sealed:
        raise Http404
    return zip_response(kit.make(document.sealed_file), kit.name_of(document.sealed_file))


@project_page(can_void_request)
@require_POST
def document_void(request, project, number, version):
    document = visible_document(request, project, number, version)
    form = VoidForm(request.POST)
    if not form.is_valid():
        return render(request, "signing/document_detail.html", _detail(request, document, form))
    try:
        requests.void(document.pk, by=request.user, reason=form.cleaned_data["reason"])
    except SigningRefusal as refusal:
        messages.error(request, str(refusal))
    return redirect(document)


@project_page(can_share_document)
@require_POST
def document_audit(request, project, number, version):
    """Show the signed document to the project's auditors, or no longer."""
    document = visible_document(request, project, number, version)
    try:
        requests.share_for_audit(document.pk, shared="share" in request.POST, by=request.user)
    except SigningRefusal as refusal:
        messages.error(request, str(refusal))
    return redirect(document)


@project_page(can_view_document)
@require_POST
def document_sign(request, project, number, version):
    """A signed-in signer goes to their own page: by a link that only this answer holds."""
    document = visible_document(request, project, number, version)
    signer = get_object_or_404(document.signers.with_delegations(), user=request.user)
    if not signer.told_at:
        messages.info(request, str(NotYourTurn()))
        return redirect(document)
    return redirect(links.make_link(signer))


@project_page(can_remind_signer)
@require_POST
def signer_remind(request, project, number, version, signer_id):
    document = visible_document(request, project, number, version)
    signer = get_object_or_404(document.signers.select_related("user"), pk=signer_id)
    if requests.remind(signer.pk, by=request.user):
        messages.success(request, _("%(name)s has been reminded by e-mail.") % {"name": signer.user.name})
    else:
        messages.error(request, _("Nothing waits for %(name)s.") % {"name": signer.user.name})
    return redirect(document)
