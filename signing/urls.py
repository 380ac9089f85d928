from django.urls import path

from signing.views import authorities, delegate, documents, in_person, sign, verify

app_name = "signing"

DOCUMENT = "projects/<str:project_key>/documents/<str:number>/<int:version>/"

urlpatterns = [
    path("projects/<str:project_key>/documents/", documents.document_list, name="document_list"),
    path(DOCUMENT, documents.document_detail, name="document_detail"),
    path(f"{DOCUMENT}document.pdf", documents.document_body, name="document_body"),
    path(f"{DOCUMENT}sealed.pdf", documents.document_sealed, name="document_sealed"),
    path(f"{DOCUMENT}archive/<int:copy>.pdf", documents.document_archive, name="document_archive"),
    path(f"{DOCUMENT}kit.zip", documents.document_kit, name="document_kit"),
    path(f"{DOCUMENT}void/", documents.document_void, name="document_void"),
    path(f"{DOCUMENT}audit/", documents.document_audit, name="document_audit"),
    path(f"{DOCUMENT}sign/", documents.document_sign, name="document_sign"),
    path(f"{DOCUMENT}remind/<int:signer_id>/", documents.signer_remind, name="signer_remind"),
    path(f"{DOCUMENT}in-person/<int:signer_id>/", in_person.in_person, name="in_person"),
    path(f"{DOCUMENT}in-person/<int:signer_id>/open/", in_person.in_person_open, name="in_person_open"),
    path(f"{DOCUMENT}in-person/<int:signer_id>/code/", in_person.in_person_code, name="in_person_code"),
    path(f"{DOCUMENT}in-person/<int:signer_id>/decide/", in_person.in_person_decide, name="in_person_decide"),
    path("projects/<str:project_key>/authority/", authorities.authority_list, name="authority_list"),
    path(
        "projects/<str:project_key>/authority/<int:pk>/revoke/", authorities.authority_revoke, name="authority_revoke"
    ),
    path("sign/link/", sign.link_request, name="link_request"),
    path("sign/<str:token>/", sign.sign, name="sign"),
    path("sign/<str:token>/open/", sign.sign_open, name="sign_open"),
    path("sign/<str:token>/code/", sign.sign_code, name="sign_code"),
    path("sign/<str:token>/decide/", sign.sign_decide, name="sign_decide"),
    path("sign/<str:token>/delegate/", delegate.delegate, name="delegate"),
    path("sign/<str:token>/delegate/code/", delegate.delegate_code, name="delegate_code"),
    path("sign/<str:token>/state/", sign.sign_state, name="sign_state"),
    path("sign/<str:token>/link/", sign.sign_renew, name="sign_renew"),
    path("sign/<str:token>/document.pdf", sign.sign_body, name="sign_body"),
    path("sign/<str:token>/sealed.pdf", sign.sign_sealed, name="sign_sealed"),
    path("sign/<str:token>/kit.zip", sign.sign_kit, name="sign_kit"),
    path("verify/fingerprint/", verify.verify_fingerprint, name="verify_fingerprint"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:number>/<int:version>/", verify.verify_record, name="verify_record"),
]
