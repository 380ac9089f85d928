"""A signer names another person to sign in their place: from their own page, known as they are when they sign."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from common.errors import Refusal
from signing.domain import codes, delegations
from signing.domain.errors import SigningRefusal
from signing.domain.signatures import Circumstances
from signing.enums import Identification
from signing.forms import DelegateForm
from signing.views import sign
from signing.views.circumstances import client_address, device


def _form(request, signer, data=None, files=None):
    return DelegateForm(data, files, signer=signer, needs_code=not sign.known_by_account(request, signer))


def _page(request, signer, token, form):
    context = {
        "signer": signer,
        "document": signer.request,
        "form": form,
        "by_account": sign.known_by_account(request, signer),
        "code_sent": codes.current(signer),
        "urls": sign.urls_of(token) | {"code": reverse("signing:delegate_code", args=[token])},
        "shell": "portal.html",
    }
    return render(request, "signing/delegate.html", context)


@sign.signer_page
def delegate(request, signer, token):
    document = signer.request
    if not (document.is_open and signer.told_at and signer.is_waiting) or signer.stands_in_for:
        return redirect("signing:sign", token)  # which says how things stand
    if request.method != "POST":
        return _page(request, signer, token, _form(request, signer))
    form = _form(request, signer, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, signer, token, form)
    known = sign.known_by_account(request, signer)
    address = client_address(request)
    try:
        if not known:
            codes.use_code(signer, form.cleaned_data["code"], address=address)
        circumstances = Circumstances(known or Identification.CODE, address, device(request))
        given = delegations.delegate(signer.pk, form.naming(), circumstances)
    except sign.CODE_REFUSALS as refusal:
        form.add_error("code", str(refusal))
        return _page(request, signer, token, form)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, signer, token, form)
    return render(request, "signing/delegated.html", {"signer": signer, "document": document, "delegation": given})


@sign.signer_page
@require_POST
def delegate_code(request, signer, token):
    """Mail a code; what has been typed so far stays on the page."""
    fault = ""
    try:
        codes.send_code(signer.pk)
    except SigningRefusal as refusal:
        fault = str(refusal)
    if request.htmx:
        urls = sign.urls_of(token) | {"code": reverse("signing:delegate_code", args=[token])}
        return sign.code_fragment(request, signer, urls, fault)
    if fault:
        messages.error(request, fault)
    form = DelegateForm(initial=request.POST.dict(), signer=signer, needs_code=True)
    return _page(request, signer, token, form)
