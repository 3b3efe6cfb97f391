"""What was uploaded and is not decided yet."""

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """A file between preview and confirmation. It lives in the database, not in a folder, so that
    nothing of it is left when it is confirmed, cancelled or forgotten (`uploads.py`).

    `target`: pk of what it is for; `seen`: a word for what the preview said."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="上传人"
    )
    kind = models.CharField("种类", max_length=20)
    target = models.PositiveBigIntegerField("对象")
    name = models.CharField("文件名", max_length=120)
    content = models.BinaryField("内容")
    sha256 = models.CharField("校验值", max_length=64)
    seen = models.CharField("预览内容", max_length=64, blank=True)
    created = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "待确认的上传文件"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "target"], name="upload_one_at_a_time")
        ]

    def __str__(self) -> str:
        return self.name
