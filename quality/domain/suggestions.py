"""The skeleton of a test case, read from what a requirement says about its acceptance. A person completes it.

Rules only, in Chinese and English: given / when / then and 假设 / 当 / 那么, sentences such as “当……时，系统应……” and
“If …, …”, numbered lists and bullets; a time, a load or a percentile makes it a performance test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext

from quality.domain.cases import Step
from quality.domain.drafts import MAX_LINE, MAX_TITLE, Draft, cut
from quality.enums import CaseKind

MAX_STEPS = 30

BULLET = re.compile(
    r"^\s*(?:[-*•·–]|\(?\d{1,2}[.)](?!\d)|\d{1,2}[、．]|[（(][\d一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)\s*"
)
# The end of a sentence; the point of “1.4” and of “e.g.” inside a sentence is none.
SENTENCE_END = re.compile(r"(?<=[。；！？;!?])\s*|(?<=[a-z0-9)%”\"]\.)\s+(?=[A-Z])")
KEYWORD = re.compile(
    r"(?:(?P<given>(?:given|preconditions?)\b|假设|假如|给定|前提条件|前提|前置条件)"
    r"|(?P<when>when\b|当)|(?P<then>then\b|那么|则)|(?P<more>(?:and|but)\b|并且|而且|但是?))[\s:：,，]*",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"^(?:当|如果|若|一旦|每当)(?P<action>.+?)(?:时|后|的话|之后)?[，,：]\s*(?:则|那么|就)?(?P<expected>.+)$"
    r"|^(?:when(?:ever)?|if|once|after|as soon as)\s+(?P<action_en>.+?),\s*(?:then\s+)?(?P<expected_en>.+)$",
    re.IGNORECASE | re.DOTALL,
)

NUMBER = r"(?:\d|[一二三四五六七八九十两百千]|\b(?:one|two|three|four|five|ten|twenty|thirty))"
UNIT = r"(?:ms\b|milliseconds?\b|毫秒|s\b|secs?\b|seconds?\b|秒|min\b|minutes?\b|分钟)"
KINDS = (  # the first that matches says what kind of test it is
    (
        CaseKind.PERFORMANCE,
        re.compile(
            rf"{NUMBER}\s*{UNIT}|p9\d\b|percentile|百分位|response time|响应时间|吞吐|throughput|\btps\b|\bqps\b"
            r"|concurren|并发|at the same time|同时在线",
            re.IGNORECASE,
        ),
    ),
    (
        CaseKind.ACCESSIBILITY,
        re.compile(r"wcag|screen reader|读屏|无障碍|keyboard only|仅用键盘|色盲|contrast ratio", re.I),
    ),
    (
        CaseKind.SECURITY,
        re.compile(r"权限|越权|无权|加密|脱敏|口令|密码|unauthori[sz]ed|\brights\b|permission|encrypt|password", re.I),
    ),
    (CaseKind.INTEGRATION, re.compile(r"接口|同步|对接|推送|\bAPI\b|interface|synchroni[sz]|webhook", re.IGNORECASE)),
)


@dataclass
class _Reading:
    """What was read so far; `action` waits for what must be seen after it."""

    preconditions: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    action: str = ""
    last: str | None = None  # the keyword that “and” goes on with


def suggest(title: str, acceptance: str, *, process: str = "") -> Draft:
    """Return a draft of a case for a requirement of that `title` and `acceptance`, in the active language.

    Pure: the same texts give the same draft. Without an acceptance text there is one step to be completed.
    """
    reading = _Reading()
    for sentence in _sentences(acceptance):
        _read(sentence, reading)
    if reading.action:  # a “when” without its “then”
        reading.steps.append(Step(cut(reading.action, MAX_LINE), gettext("What must be seen is still to be written.")))
    steps = _with_actions(title, reading.steps) or [
        Step(_carry_out(title), gettext("What must be seen is still to be written."))
    ]
    return Draft(
        title=cut(title, MAX_TITLE),
        kind=kind_of(f"{title}\n{acceptance}"),
        process=process,
        preconditions="\n".join(reading.preconditions),
        steps=tuple(steps[:MAX_STEPS]),
    )


def kind_of(text: str) -> CaseKind:
    """Return the kind of test that the words of a text call for; acceptance by users where nothing says otherwise."""
    return next((kind for kind, words in KINDS if words.search(text)), CaseKind.UAT)


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        for sentence in SENTENCE_END.split(BULLET.sub("", line)):
            if sentence := sentence.strip().rstrip("。；;.").strip():
                yield sentence


def _read(sentence: str, reading: _Reading) -> None:
    if condition := CONDITION.match(sentence):
        _take("when", condition["action"] or condition["action_en"], reading)
        _take("then", condition["expected"] or condition["expected_en"], reading)
        return
    found = KEYWORD.match(sentence)
    keyword = found.lastgroup if found else None
    text = sentence[found.end() :] if found else sentence
    _take(reading.last if keyword == "more" else keyword, text, reading)


def _take(keyword: str | None, text: str, reading: _Reading) -> None:
    if keyword == "given":
        reading.preconditions.append(cut(text, MAX_LINE))
    elif keyword == "when":
        _close(reading)
        reading.action = text.removesuffix("时")
    else:  # something that must be seen, after the action that waits for it, if one does
        reading.steps.append(Step(cut(reading.action, MAX_LINE), cut(text, MAX_LINE)))
        reading.action = ""
    reading.last = keyword


def _close(reading: _Reading) -> None:
    """Another action begins: one that still waits is a step of its own."""
    if reading.action:
        reading.steps.append(Step(cut(reading.action, MAX_LINE), gettext("It is done, with no error.")))
        reading.action = ""


def _with_actions(title: str, steps: list[Step]) -> list[Step]:
    """Say what is done where the text only said what must be seen."""
    first, more = _carry_out(title), gettext("Look at the result of the step before.")
    return [
        step if step.action else Step(more if number else first, step.expected) for number, step in enumerate(steps)
    ]


def _carry_out(title: str) -> str:
    return gettext("Carry out “%(title)s”.") % {"title": cut(title, MAX_LINE - 40)}
