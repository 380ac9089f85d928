"""The signer's own pages, reached by the link in their mail. GET changes nothing: mail scanners open links."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.access import public_page
from signing import kinds
from signing.domain import codes, consent, evidence, kit, links, signatures
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
from signing.views.files import pdf_response, zip_response

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


CODE_REFUSALS = (CodeWrong, CodeExpired, CodeLocked, TooManyAttempts)


def known_by_account(request, signer) -> str:
    """How the person is known without a code: by their account, or not at all."""
    return Identification.ACCOUNT if is_signer(request.user, signer) else ""


def urls_of(token) -> dict[str, str]:
    """The addresses that the signer's page posts to."""
    names = {name: f"sign_{name}" for name in ("open", "code", "decide", "body")}
    names |= {"page": "sign", "delegate": "delegate"}
    return {name: reverse(f"signing:{view}", args=[token]) for name, view in names.items()}


def _page(request, signer, token, form=None, *, status=200):
    document = signer.request
    if document.is_open and not signer.signed_at and not signer.is_waiting:
        return render(request, "signing/delegated_away.html", {"signer": signer, "document": document}, status=status)
    if not document.is_open or signer.signed_at:
        return render(request, "signing/receipt.html", _receipt(signer, token), status=status)
    if signer.told_at is None:
        return render(request, "signing/not_yet.html", {"signer": signer, "document": document}, status=status)
    context = page_context(request, signer, urls_of(token), form or _form(request, signer))
    return render(request, "signing/sign.html", context, status=status)


def page_context(request, signer, urls, form) -> dict:
    """What the page needs on which a person decides, wherever it posts to."""
    document = signer.request
    return {
        "signer": signer,
        "document": document,
        "kind_label": kinds.label_of(document.kind),
        "kind": kinds.get(document.kind),
        "notes": kinds.get(document.kind).notes_of(document),
        "conditions": kinds.get(document.kind).conditions_of(document),
        "urls": urls,
        "is_overdue": document.expires_at <= timezone.now(),
        "signers": document.signers.with_delegations(),
        "by_account": known_by_account(request, signer),
        "consent": consent.consent_text(signer.user.organisation.name),
        "code_sent": codes.current(signer),
        "form": form,
        "shell": "portal.html",  # also for the vendor's people: the labels of the form follow the page
    }


def decision_form(signer, data=None, *, needs_code: bool, typed=None) -> DecisionForm:
    """The form with the person's name filled in, or with what they have typed so far."""
    initial = {"name": signer.user.name, "job_title": signer.user.job_title}
    if typed is not None:
        initial = {name: typed.get(name, "") for name in DecisionForm.base_fields}
    return DecisionForm(data, initial=initial, needs_code=needs_code)


def _form(request, signer, data=None) -> DecisionForm:
    return decision_form(signer, data, needs_code=not known_by_account(request, signer))


def code_fragment(request, signer, urls, fault):
    """The field of the code after one was sent, or the reason why none was."""
    context = {"signer": signer, "urls": urls, "code_sent": codes.current(signer), "fault": fault, "is_fresh": True}
    return render(request, "signing/_code.html", context | {"form": decision_form(signer, needs_code=True)})


def decide(signer, form, circumstances) -> None:
    if form.is_decline:
        signatures.decline(signer.pk, form.cleaned_data["reason"], circumstances)
    else:
        signatures.sign(signer.pk, form.signature(), circumstances)


def _receipt(signer, token) -> dict:
    document = signer.request
    return {
        "signer": signer,
        "document": document,
        "token": token,
        "signers": list(document.signers.with_delegations()),
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
        return code_fragment(request, signer, urls_of(token), fault)
    if fault:
        messages.error(request, fault)
    return _page(request, signer, token, decision_form(signer, needs_code=True, typed=request.POST))


@signer_page
@require_POST
def sign_decide(request, signer, token):
    form = _form(request, signer, request.POST)
    if not form.is_valid():
        return _page(request, signer, token, form)
    if form.is_decline and "confirmed" not in request.POST:
        context = {"signer": signer, "document": signer.request, "urls": urls_of(token), "form": form}
        return render(request, "signing/decline.html", context)
    try:
        known = known_by_account(request, signer)
        if not known:
            codes.use_code(signer, form.cleaned_data["code"], address=client_address(request))
        circumstances = signatures.Circumstances(
            identification=known or Identification.CODE, address=client_address(request), device=device(request)
        )
        decide(signer, form, circumstances)
    except CODE_REFUSALS as refusal:
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


@signer_page
@require_GET
def sign_kit(request, signer, token):
    if not signer.request.is_sealed:
        return redirect("signing:sign", token)
    record = signer.request.sealed_file
    return zip_response(kit.make(record), kit.name_of(record))


@public_page("asks for a new link, which goes to the signer's own address only")
@never_cache
@require_POST
def sign_renew(request, token):
    link = links.find(token)
    if link is None:
        return render(request, "signing/link_unknown.html", {"form": LinkForm()}, status=404)
    if link.signer.request.is_open and link.signer.is_waiting:
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
