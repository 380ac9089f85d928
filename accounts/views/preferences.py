from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.domain import api_tokens
from accounts.enums import Theme
from accounts.forms import PreferencesForm, TokenForm
from accounts.models import User
from accounts.permissions import can_use_own_account
from audit.domain import trail
from common import sessions
from common.access import person_page, public_page


@person_page(can_use_own_account)
def preferences(request):
    form = PreferencesForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if form.is_valid():
        trail.save(form.instance, by=request.user)
        with translation.override(form.instance.language):
            messages.success(request, _("Saved."))
        return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form})


@public_page("a stranger chooses the language of the page, kept in a cookie")
@require_POST
def language(request):
    """Switch the language and stay on the page; a signed-in person's choice is kept with them."""
    chosen = request.POST.get("language", "")
    response = back(request)
    if chosen not in dict(settings.LANGUAGES):
        return response
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 24 * 3600, samesite="Lax")
    if request.user.is_authenticated:
        request.user.language = chosen
        trail.save(request.user, by=request.user)
    return response


@person_page(can_use_own_account)
@require_POST
def theme(request):
    chosen = request.POST.get("theme", "")
    if chosen in Theme.values:
        request.user.theme = chosen
        trail.save(request.user, by=request.user)
    return back(request)


@person_page(can_use_own_account)
@require_POST
def session_renew(request):
    """Stay signed in, asked for by a page whose sign-in is about to end; the page stays as it is."""
    return JsonResponse({"seconds": sessions.renew(request.session, now=timezone.now())})


def back(request: HttpRequest) -> HttpResponse:
    """Redirect to the page that the form names, if it is one of ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if ours else "/")


@person_page(can_use_own_account)
@never_cache
def token_list(request):
    """The person's own tokens; a new one is shown in the answer to its making and never again."""
    form, secret = TokenForm(request.POST or None), ""
    if form.is_valid():
        _token, secret = api_tokens.create(request.user, **form.cleaned_data)
        form = TokenForm()
    tokens = request.user.api_tokens.filter(revoked_at=None)
    context = {"form": form, "tokens": tokens, "secret": secret, "today": timezone.now().date()}
    return render(request, "accounts/token_list.html", context)


@person_page(can_use_own_account)
@require_POST
def token_revoke(request, pk):
    token = get_object_or_404(request.user.api_tokens, pk=pk)
    api_tokens.revoke(token, by=request.user)
    messages.success(request, _("The token “%(token)s” no longer works.") % {"token": token.name})
    return redirect("accounts:token_list")
