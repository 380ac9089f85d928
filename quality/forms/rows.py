def with_one_more_row(data, prefix):
    """Return what was typed into a form of rows, and one empty row behind it."""
    changed = data.copy()
    rows = changed.get(f"{prefix}-TOTAL_FORMS", "0")
    changed[f"{prefix}-TOTAL_FORMS"] = str(int(rows) + 1 if rows.isdecimal() else 1)
    return changed
