from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# What stood in for each component until now.
_STOOD = {"reach": "voices", "evidence": "sources"}


def name_what_stood_in(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    needs = apps.get_model("needs", "Need")
    for need in needs.objects.only("defaults").iterator(chunk_size=1000):
        if isinstance(need.defaults, list):
            need.defaults = {name: _STOOD.get(name, "middle") for name in need.defaults}
            need.save(update_fields=["defaults"])


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="need",
            name="defaults",
            field=models.JSONField(default=dict, editable=False, verbose_name="取默认值的分项"),
        ),
        migrations.RunPython(name_what_stood_in, migrations.RunPython.noop),
    ]
