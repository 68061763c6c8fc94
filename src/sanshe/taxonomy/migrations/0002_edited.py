from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="edited",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="本地修改过的名称和关键词，重新装载时保留",
                verbose_name="本地修改过",
            ),
        )
        for name in ("field", "needtype")
    ]
