from projects.enums import Role
from projects.permissions import RIGHTS
from projects.rights import Right, Rights, all_tables, roles


def test_all_tables_holds_every_app_in_order():
    tables = all_tables()

    assert tables[0] is RIGHTS
    assert len(tables) == len(set(map(id, tables))) >= 2


def test_rows_says_for_the_administrator_and_every_role():
    table = Rights("A", {"see": Right("See", roles(Role.SPONSOR)), "do": Right("Do", roles(), administrator=False)})

    assert list(table.rows()) == [
        ("See", [True, *(role == Role.SPONSOR for role in Role)]),
        ("Do", [False] * (len(Role) + 1)),
    ]
