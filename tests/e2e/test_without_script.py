"""What a person does without JavaScript: the same work, page by page."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from e2e.visitor import Site, Visitor

COMMUNITY = "350581001006"


def test_the_work_goes_on_without_script(browser: Browser, site: Site, shots: Path) -> None:
    """Quick entry, a label, needs and a move with JavaScript switched off."""
    with Visitor(browser, site, shots, "sw", "phone", script=False) as worker:
        worker.sign_in()
        worker.go("/needs/new/")
        worker.page.fill("[name=title]", "没有脚本的调研")
        worker.page.select_option("[name=community]", COMMUNITY)
        worker.page.fill("[name=starts_on]", "2026-03-01")
        worker.press("保存")
        study = urlsplit(worker.page.url).path
        if worker.page.get_by_role("button", name="开始采集").count():
            worker.press("开始采集")
        worker.press("现场录入")
        worker.page.locator("[name=informant][value=elders]").check(force=True)
        worker.page.fill("[name=text1]", "楼道灯坏了三个月，晚上上楼要摸黑")
        worker.page.fill("[name=text2]", "想在家附近吃上热饭")
        worker.look("noscript-entry")
        worker.press("保存并继续")
        assert "楼道灯坏了三个月" in worker.text()
        worker.go(f"{study}inbox/")
        worker.press("其他类型", nth=0)
        worker.look("noscript-picker")
        worker.page.locator("button[value=ENV03]").click()
        worker.page.wait_for_load_state()
        worker.go(f"{study}inbox/?show=done")
        assert "ENV03" in worker.text()
        worker.go(f"{study}board/")
        worker.press("归并")
        worker.page.locator(".need-title a").first.click()
        worker.page.wait_for_load_state()
        worker.press("确认分类")
        assert "已分类" in worker.text()
        worker.look("noscript-need")
        faults = worker.faults
    assert not faults, "\n".join(faults)
