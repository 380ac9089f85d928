"""What the people of the demo hand over: the deliverables of its projects, with files made on the spot."""

import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import cycle
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from cockpit.domain.demo.clock import Story
from delivery.domain import deliverables, raci
from delivery.enums import DeliverableKind, DeliverableState, Raci
from delivery.models import Deliverable
from notices.enums import Channel
from notices.models import Message
from projects.models import Project

# What stands under a heading, by the language of the project.
SAID = {
    "zh-hans": (
        "本节按访谈与现场核对的结果编写，已与业务负责人逐条确认。",
        "数据取自生产系统近三个月的记录，口径见附表。",
        "责任人与完成日期已列入项目计划，每周例会跟踪。",
        "与需求基线一致；后续变化按变更流程处理。",
    ),
    "en": (
        "Written from the interviews and what was seen on site; confirmed line by line by the owner in the business.",
        "Figures are those of the last three months in the live system; how they were counted is in the annex.",
        "Who does it and by when is in the plan, and looked at in the weekly meeting.",
        "In line with the requirement baseline; what changes later goes through change control.",
    ),
}
RETURNED = {
    "zh-hans": "第 2 节缺少责任人与日期，请补充后再提交。",
    "en": "Section 2 names neither people nor dates. Please add them and submit again.",
}
APPROVED = {"zh-hans": "内容完整，同意。", "en": "Complete. Agreed."}
NOTES = {"zh-hans": ("初稿", "按审核意见补充责任人与日期"), "en": ("First draft", "People and dates added as asked")}
PRESENT = ("", "submit", "return", "upload", "none")  # how far those of the present phase are, in their order
EACH_RETURNED = 4  # every fourth goes back once


def share_out(project: Project, *, by: User) -> None:
    """Give the deliverables to the members whose roles the playbook names."""
    raci.fill_from_playbook(project, by=by)


def hand_over(project: Project, story: Story, *, on: date, stand_ins: Sequence[User]) -> None:
    """Write, review and approve what was due before `on`, of the present phase a part: before the gates are reviewed,
    which count it. One of `stand_ins` reviews what is by the person who would have to."""
    place = 0
    for deliverable in project.deliverables.select_related("phase").filter(phase__starts_on__lte=on).order_by("number"):
        stop = ""
        if deliverable.phase.ends_on >= on:
            stop, place = PRESENT[min(place, len(PRESENT) - 1)], place + 1
        last = min(deliverable.due_on or on, on)
        _bring_about(deliverable, story, last=last, stop=stop, stand_ins=stand_ins)
    done = [row.get_absolute_url() for row in project.deliverables.filter(state=DeliverableState.APPROVED)]
    # Who worked on it has seen it.
    Message.objects.unread().filter(channel=Channel.IN_APP, url__in=done).update(read_at=timezone.now())


def _bring_about(deliverable: Deliverable, story: Story, *, last: date, stop: str, stand_ins: Sequence[User]) -> None:
    """Take one deliverable as far as `stop` says: "none", "upload", "submit", "return", or to its approval."""
    if stop == "none":
        return
    author, reviewer = _people(deliverable, stand_ins)
    day = (last - story.starts_on).days
    language = deliverable.project.language
    drafts = 2 if stop == "" and deliverable.number % EACH_RETURNED == 0 else 1
    for draft in range(1, drafts + 1):
        begins = max(0, day - 4 * (drafts - draft) - 5)
        with story.at(begins, f"{9 + deliverable.number % 8:02}:20"):
            paper = _paper(deliverable, draft, author)
            deliverables.upload_version(deliverable.pk, paper, by=author, note=NOTES[language][draft - 1])
        if stop == "upload":
            return
        with story.at(begins, f"{9 + deliverable.number % 8:02}:35"):
            deliverables.submit(deliverable.pk, by=author)
        if stop == "submit":
            return
        with story.at(begins + 2, f"{14 + deliverable.number % 4}:10"):
            if draft < drafts or stop == "return":
                deliverables.send_back(deliverable.pk, by=reviewer, version=draft, comment=RETURNED[language])
            else:
                deliverables.approve(deliverable.pk, by=reviewer, version=draft, comment=APPROVED[language])


def _people(deliverable: Deliverable, stand_ins: Sequence[User]) -> tuple[User, User]:
    """Who writes it, and who else reviews it."""
    parts: dict[str, list[User]] = {}
    for entry in deliverable.raci.select_related("person").order_by("pk"):
        parts.setdefault(entry.letter, []).append(entry.person)
    accountable = parts.get(Raci.ACCOUNTABLE, [])
    author = [*parts.get(Raci.RESPONSIBLE, []), *accountable, *stand_ins][0]
    return author, next(person for person in [*accountable, *stand_ins] if person != author)


def _paper(deliverable: Deliverable, version: int, author: User) -> SimpleUploadedFile:
    title = deliverable.title
    if deliverable.kind == DeliverableKind.STANDARD:
        text = f"# {title}\n\n{deliverable.template}\n"
        return SimpleUploadedFile(f"{title} v{version}.md", text.encode())
    said = cycle(SAID[deliverable.project.language])
    lines = [f"{deliverable.project.name} · {deliverable.phase.name}", f"v{version} · {author.name}"]
    for number, heading in enumerate(deliverable.template.splitlines(), start=1):
        lines += [f"{number}. {heading}", next(said)]
    return SimpleUploadedFile(f"{title.replace('/', '-')[:80]} v{version}.docx", make_docx(title, lines))


def make_docx(title: str, lines: list[str]) -> bytes:
    """Return the smallest Word file that shows a title and paragraphs."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    bold = '<w:rPr><w:b/><w:sz w:val="32"/></w:rPr>'
    paragraphs = [f"<w:p><w:r>{bold}<w:t>{escape(title)}</w:t></w:r></w:p>"]
    paragraphs += [f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines]
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{word}"><w:body>{"".join(paragraphs)}</w:body></w:document>',
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + content)
    return file.getvalue()
