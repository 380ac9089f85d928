#!/bin/sh
# Checks this folder without any network: the fingerprints of all files, and every signature in the PDF with openssl.
# 离线校验本文件夹：全部文件的指纹，以及 PDF 中的每个签名（使用 openssl）。
cd "$(dirname "$0")" || exit 1
status=0
sha256sum --check --quiet SHA256SUMS || shasum -a 256 --check SHA256SUMS || status=1
{% for signature in signatures %}{% if signature.is_time_stamp %}openssl ts -verify -token_in -in signatures/{{ signature.name }}.der -data signatures/{{ signature.name }}.bin \
  -CAfile certificates.pem -no_check_time || status=1
{% else %}openssl cms -verify -binary -inform DER -in signatures/{{ signature.name }}.der -content signatures/{{ signature.name }}.bin \
  -CAfile certificates.pem -purpose any -no_check_time -out /dev/null || status=1
{% endif %}{% endfor %}# The bytes that the last signature covers are the whole PDF but for the signature itself.
[ $status = 0 ] && echo "OK: {{ document.label }}" || echo "FAILED: {{ document.label }}"
exit $status
