"""The signer's own pages, reached by the link in their mail. GET changes nothing: mail scanners open links."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.access import public_page
from signing import kinds
from signing.domain import codes, consent, evidence, links, signatures
from signing.domain.errors import (
    AlreadySigned,
    CodeExpired,
    CodeLocked,
    CodeWrong,
    SigningRefusal,
    TooManyAttempts,
)
from signing.enums import Identification, RequestState
from signing.forms import DecisionForm, LinkForm
from signing.permissions import is_signer
from signing.views.circumstances import client_address, device
from signing.views.files import pdf_response

WHY_PUBLIC = "the link is the secret: 256 random bits, mailed to the signer alone"


def signer_page(view):
    """Find the signer whom the token names, in their language; a link that does not work says so and what to do."""

    @public_page(WHY_PUBLIC)
    @never_cache
    @wraps(view)
    def found(request, token):
        link = links.find(token)
        if link is None:
            return render(request, "signing/link_unknown.html", {"form": LinkForm()}, status=404)
        signer = link.signer
        if not request.user.is_authenticated and "django_language" not in request.COOKIES:
            translation.activate(signer.user.language)
            request.LANGUAGE_CODE = signer.user.language
        if not request.user.is_authenticated:
            timezone.activate(signer.user.time_zone)
        if not links.is_usable(link):
            context = {"signer": signer, "document": signer.request, "token": token}
            return render(request, "signing/link_closed.html", context, status=410)
        return view(request, signer, token)

    found.access = f"public: {WHY_PUBLIC}"
    return found


def _knows(request, signer) -> str:
    """How the person is known without a code: by their account, or not at all."""
    return Identification.ACCOUNT if is_signer(request.user, signer) else ""


def _page(request, signer, token, form=None, *, status=200):
    document = signer.request
    if not document.is_open or signer.signed_at:
        return render(request, "signing/receipt.html", _receipt(signer, token), status=status)
    if signer.told_at is None:
        return render(request, "signing/not_yet.html", {"signer": signer, "document": document}, status=status)
    context = {
        "signer": signer,
        "document": document,
        "kind_label": kinds.label_of(document.kind),
        "token": token,
        "is_overdue": document.expires_at <= timezone.now(),
        "signers": document.signers.select_related("user__organisation"),
        "by_account": _knows(request, signer),
        "consent": consent.consent_text(signer.user.organisation.name),
        "code_sent": codes.current(signer),
        "form": form or _form(request, signer),
        "shell": "portal.html",  # also for the vendor's people: the labels of the form follow the page
    }
    return render(request, "signing/sign.html", context, status=status)


def _form(request, signer, data=None) -> DecisionForm:
    initial = {"name": signer.user.name, "job_title": signer.user.job_title}
    return DecisionForm(data, initial=initial, needs_code=not _knows(request, signer))


def _receipt(signer, token) -> dict:
    document = signer.request
    return {
        "signer": signer,
        "document": document,
        "token": token,
        "signers": list(document.signers.select_related("user__organisation")),
        "sealed": getattr(document, "sealed_file", None),
        "verify_url": evidence.verify_url(document),
        "is_under_way": document.state == RequestState.SIGNED,
    }


@signer_page
@require_GET
def sign(request, signer, token):
    return _page(request, signer, token)


@signer_page
@require_POST
def sign_open(request, signer, token):
    signatures.open_document(signer.pk)
    return redirect("signing:sign", token)


@signer_page
@require_POST
def sign_code(request, signer, token):
    """Mail a code; what has been typed so far stays on the page."""
    fault = ""
    try:
        codes.send_code(signer.pk)
    except SigningRefusal as refusal:
        fault = str(refusal)
    if request.htmx:
        context = {
            "signer": signer,
            "token": token,
            "code_sent": codes.current(signer),
            "fault": fault,
            "is_fresh": True,
        }
        return render(request, "signing/_code.html", context | {"form": _form(request, signer)})
    if fault:
        messages.error(request, fault)
    return _page(request, signer, token, DecisionForm(initial=_typed(request.POST), needs_code=True))


def _typed(data) -> dict:
    return {name: data.get(name, "") for name in DecisionForm.base_fields}


@signer_page
@require_POST
def sign_decide(request, signer, token):
    form = _form(request, signer, request.POST)
    if not form.is_valid():
        return _page(request, signer, token, form)
    if form.is_decline and "confirmed" not in request.POST:
        context = {"signer": signer, "document": signer.request, "token": token, "form": form}
        return render(request, "signing/decline.html", context)
    try:
        known = _knows(request, signer)
        if not known:
            codes.use_code(signer, form.cleaned_data["code"], address=client_address(request))
        circumstances = signatures.Circumstances(
            identification=known or Identification.CODE, address=client_address(request), device=device(request)
        )
        if form.is_decline:
            signatures.decline(signer.pk, form.cleaned_data["reason"], circumstances)
        else:
            signatures.sign(signer.pk, form.signature(), circumstances)
    except (CodeWrong, CodeExpired, CodeLocked, TooManyAttempts) as refusal:
        form.add_error("code", str(refusal))
        return _page(request, signer, token, form)
    except AlreadySigned as refusal:
        messages.info(request, str(refusal))
    except SigningRefusal as refusal:
        messages.error(request, str(refusal))
    return redirect("signing:sign", token)


@signer_page
@require_GET
def sign_state(request, signer, token):
    """The part of the receipt that changes: asked again until the seal is there."""
    return render(request, "signing/_receipt_state.html", _receipt(signer, token))


@signer_page
@require_GET
def sign_body(request, signer, token):
    document = signer.request
    return pdf_response(document.body_file, f"{document.number}-v{document.version}-unsigned.pdf")


@signer_page
@require_GET
def sign_sealed(request, signer, token):
    if not signer.request.is_sealed:
        return redirect("signing:sign", token)  # the receipt says how far it is
    return pdf_response(signer.request.sealed_file.file, signer.request.file_name)


@public_page("asks for a new link, which goes to the signer's own address only")
@never_cache
@require_POST
def sign_renew(request, token):
    link = links.find(token)
    if link is None:
        return render(request, "signing/link_unknown.html", {"form": LinkForm()}, status=404)
    if link.signer.request.is_open and not link.signer.signed_at:
        links.renew(link.signer_id)
    return render(request, "signing/link_sent.html", {"address": link.signer.masked_email})


@public_page("mails a new link to whom one is due; the answer is the same for every address")
@never_cache
def link_request(request):
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        links.renew_for_address(form.cleaned_data["email"])
        return render(request, "signing/link_sent.html", {"address": form.cleaned_data["email"]})
    return render(request, "signing/link_unknown.html", {"form": form})
