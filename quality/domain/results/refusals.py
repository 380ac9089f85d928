"""Why a file of results cannot be read, in words for the person who sent it."""

from django.utils.translation import gettext_lazy as _

from common.errors import Refusal


class UnreadableFile(Refusal):
    """The family of all that follows; nothing of such a file is imported."""


class FileIsEmpty(UnreadableFile):
    message = _("The file is empty.")


class FileIsTooLarge(UnreadableFile):
    message = _("The file is larger than %(limit)s MB. Split it.")


class FormatIsUnknown(UnreadableFile):
    message = _(
        "This is none of the formats that can be read: JUnit XML, Newman JSON, JMeter JTL, SARIF, or a CSV file "
        "whose columns are known or named."
    )


class FileIsBroken(UnreadableFile):
    message = _("The file is broken or cut off in line %(line)s.")


class EncodingIsWrong(UnreadableFile):
    message = _("The text of the file is not in the encoding it should have. Save it as UTF-8 and send it again.")


class DocumentTypeIsRefused(UnreadableFile):
    message = _("The file declares a document type or entities, which no test report needs. It is not read.")


class FileIsTooDeep(UnreadableFile):
    message = _("The file is nested more than %(limit)s levels deep.")


class FileHoldsTooMuch(UnreadableFile):
    message = _("The file holds more than can be read at once. Split it.")


class LabelsAreTooMany(UnreadableFile):
    message = _("The file has more than %(limit)s labels. Give the requests names without changing parts.")


class NothingInside(UnreadableFile):
    message = _("The file holds no results.")


class ShapeIsWrong(UnreadableFile):
    message = _("The file is not shaped as a %(format)s file: “%(where)s” is missing or of the wrong kind.")


class ColumnsAreMissing(UnreadableFile):
    message = _("Columns are missing: %(columns)s. Name the columns of the file that hold them.")


class RowIsCut(UnreadableFile):
    message = _("Row %(row)s has %(found)s cells instead of %(expected)s.")


class ValueIsWrong(UnreadableFile):
    message = _("Row %(row)s: “%(value)s” is no value for %(column)s.")
