from django.db.models import Count
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from common.access import public_page
from signing.domain import verification
from signing.forms import FingerprintForm, VerifyForm
from signing.models import SealedFile, SignatureRequest

WHY_PUBLIC = "whoever holds a sealed PDF may check it; it answers from the record of that very file"


@public_page(WHY_PUBLIC)
@never_cache
@csrf_protect
def verify(request):
    return _answer(request, "signing/verify.html", {})


@public_page("says which document a QR code names, without its contents")
@never_cache
@csrf_protect
def verify_record(request, number, version):
    signed = (
        SignatureRequest.objects.binding()
        .defer("manifest", "body_html")
        .annotate(signatures=Count("signers__signed_at"))
    )
    document = signed.filter(number=number, version=version).first()
    context = {"asked": f"{number} v{version}", "document": document}
    if document:
        context["sealed"] = SealedFile.objects.filter(request=document).first()
    return _answer(request, "signing/verify.html", context)


@public_page("says whether a fingerprint is the one on record; who has it has had the file")
@never_cache
@csrf_protect
def verify_fingerprint(request):
    form = FingerprintForm(request.POST or None)
    context = {"fingerprint_form": form, "form": VerifyForm()}
    if request.method == "POST" and form.is_valid():
        context["found"] = verification.find_record(form.cleaned_data["number"], form.cleaned_data["sha256"])
        context["compared"] = form.cleaned_data
    return render(request, "signing/verify.html", context)


def _answer(request, template, context):
    form = VerifyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        too_large = file.size > verification.MAX_BYTES
        context["answer"] = (
            verification.Verification(verification.Finding.TOO_LARGE, "")
            if too_large
            else verification.verify(file.read())
        )
        form = VerifyForm()
    number = {"number": context["asked"]} if context.get("document") else {}
    fingerprint = FingerprintForm(initial=number)
    return render(request, template, {**context, "form": form, "fingerprint_form": fingerprint})
