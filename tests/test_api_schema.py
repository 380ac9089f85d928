from django.core.management import call_command


def test_schema_of_the_api_is_valid_and_warns_of_nothing(tmp_path):
    """An API that the generator cannot describe is one that a client cannot read."""
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", tmp_path / "schema.yml")
