"""Which test case a row of a file names."""

import re
from collections.abc import Iterable, Mapping

CODE = re.compile(r"(?<![A-Za-z0-9])TC[-_ ]?0*([1-9][0-9]{0,8})(?![0-9])", re.IGNORECASE)
PROPERTIES = ("test_case", "testcase", "test_id", "test_key", "case_id", "case", "id")


def case_number(texts: Iterable[str], properties: Mapping[str, str] | None = None) -> int | None:
    """Return the number of the test case that a property names, else the first that one of `texts` names.

    A property is called test_case, test_id, case_id or the like and holds TC-012 or 12; a name holds TC-012 or
    test_tc_012_login.
    """
    for name in PROPERTIES:
        value = (properties or {}).get(name, "").strip()
        found = CODE.fullmatch(value)
        if found:
            return int(found[1])
        if re.fullmatch(r"0*[1-9][0-9]{0,8}", value, re.ASCII) and name != "id":
            return int(value)
    for text in texts:
        found = CODE.search(text)
        if found:
            return int(found[1])
    return None
