from django.db import migrations

from common.triggers import append_only, refuse


class Migration(migrations.Migration):
    dependencies = [("delivery", "0003_deliverables")]

    operations = [
        append_only("delivery_deliverableversion"),
        append_only("delivery_deliverablereview"),
        refuse(
            "delivery_review_is_not_of_ones_own",
            table="delivery_deliverablereview",
            event="INSERT",
            message="delivery_review_is_not_of_ones_own",
            when="EXISTS (SELECT 1 FROM delivery_deliverableversion AS version "
            "WHERE version.id = NEW.version_id AND version.uploaded_by_id = NEW.reviewed_by_id)",
        ),
    ]
