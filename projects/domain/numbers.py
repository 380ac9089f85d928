"""Numbers that people quote. Per project and kind of thing each is given out once, ever: evidence names things by it,
so that of a deleted thing is not given to another."""

from django.db import connection
from django.db.models import Model

from projects.models import Project

# One statement on both databases: a series that is new begins, one that exists moves on, and its row stays locked until
# the transaction ends. Whoever else wants a number of the series waits, and gets the next one.
TAKE = """
    INSERT INTO projects_numberseries AS series (project_id, kind, last) VALUES (%s, %s, %s)
    ON CONFLICT (project_id, kind) DO UPDATE SET last = series.last + excluded.last
    RETURNING last
"""


def next_number(kind: type[Model] | str, project: Project) -> int:
    """Return the next number of `kind` in `project`: see take_numbers."""
    return take_numbers(kind, project, 1)[0]


def take_numbers(kind: type[Model] | str, project: Project, count: int) -> range:
    """Take the next `count` numbers of `kind` in `project`, from 1.

    A kind is a model; what is numbered more finely than by model names its series itself. Only a transaction that is
    rolled back gives its numbers back.
    """
    series = kind if isinstance(kind, str) else kind._meta.label_lower
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [project.pk, series, count])
        [(last,)] = cursor.fetchall()
    return range(last - count + 1, last + 1)
