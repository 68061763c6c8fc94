"""From a workbook of field notes to an approved proposal, by four people, at two sizes."""

import re
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from e2e.visitor import SIZES, Site, Visitor

NOTES = Path(__file__).resolve().parents[2] / "examples" / "huayuancheng" / "statements.xlsx"
COMMUNITY = "350581001006"
WITHIN = 120_000
_BLANK = re.compile(r"【待填[^】]*】")


@pytest.mark.parametrize("size", SIZES)
def test_from_field_notes_to_an_approved_proposal(
    browser: Browser, site: Site, shots: Path, size: str
) -> None:
    with ExitStack() as stack:
        worker, manager, committee, supervisor = (
            stack.enter_context(Visitor(browser, site, shots, name, size))
            for name in ("sw", "agency", "comm", "supv")
        )
        for person in (worker, manager, committee, supervisor):
            person.sign_in()
        worker.look("home")
        title = f"花园城社区需求调研（{size}）"
        _begin_study(worker, title)
        study = urlsplit(worker.page.url).path
        _import_notes(worker)
        _sort_statements(worker)
        _shape_needs(worker, study)
        _match(worker, study)
        _draft(worker)
        proposal = urlsplit(worker.page.url).path
        _mend(worker)
        _send(worker, proposal, "提交机构内审", "机构内审")
        _send(manager, proposal, "提交社区", "已提交社区", look="manager")
        _return_with_reason(committee, proposal)
        _revise(worker, proposal)
        _send(manager, proposal, "提交社区", "已提交社区")
        _send(committee, proposal, "受理并开始初审", "社区初审")
        _send(committee, proposal, "通过", "通过", look="approved", exact=True)
        _read_the_thread(supervisor, proposal)
        faults = [f"{person.name}: {fault}" for person in (worker, manager, committee, supervisor)
                  for fault in person.faults]  # fmt: skip
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(dict.fromkeys(faults))


def _begin_study(worker: Visitor, title: str) -> None:
    worker.go("/needs/")
    worker.look("studies")
    worker.press("新建调研")
    worker.page.fill("[name=title]", title)
    worker.page.select_option("[name=community]", COMMUNITY)
    worker.page.fill("[name=starts_on]", "2026-03-01")
    worker.look("study-new")
    worker.press("保存")
    expect(worker.page.locator("main h1")).to_contain_text(title)
    if worker.page.get_by_role("button", name="开始采集").count():
        worker.press("开始采集")
    worker.look("study")


def _import_notes(worker: Visitor) -> None:
    worker.press("导入表格")
    worker.page.set_input_files("[name=file]", NOTES)
    worker.look("import-upload")
    worker.press("上传并预览")
    expect(worker.page.locator("#columns")).to_contain_text("反映内容")
    worker.look("import-preview")
    worker.open("改列的对应")
    worker.press("按所选的列重新读取")
    worker.press("确认导入")
    done = worker.page.locator("#import-state .alert-success")
    expect(done).to_contain_text("已导入", timeout=WITHIN)
    worker.look("import-done")
    worker.press("去核对诉求")


def _sort_statements(worker: Visitor) -> None:
    page = worker.page
    # The worker process looks at new statements in the background.
    for _ in range(60):
        if page.get_by_text("条诉求还在等机器建议").count() == 0 and (
            page.locator("[data-key='1']").count()
        ):
            break
        page.wait_for_timeout(2000)
        page.reload()
    worker.look("inbox")
    _confirm_safety(worker)
    ordinary = page.locator("[data-open]:not(.is-safety):has([data-key='1'])")
    # By key: accept the first, then the one the page goes on to.
    first = ordinary.nth(0).get_attribute("id")
    page.locator(f"#{first}").focus()
    page.keyboard.press("1")
    expect(page.locator(f"#{first}.is-done")).to_be_visible()
    # Another type than the machine's.
    second = ordinary.nth(0).get_attribute("id")
    page.locator(f"#{second}").focus()
    page.keyboard.press("/")
    search = page.locator(f"#{second} [data-picker-search]")
    search.fill("停车")
    worker.look("inbox-picker")
    search.press("Enter")
    expect(page.locator(f"#{second}.is-done")).to_contain_text("ENV02")
    worker.press("采纳全部")
    expect(page.locator("#messages")).to_contain_text("已采纳")
    worker.look("inbox-accepted")


def _confirm_safety(worker: Visitor) -> None:
    """Safety stands first: say of one statement what it is, then go on to the ordinary ones."""
    page = worker.page
    danger = page.locator("[data-open].is-safety:has([data-key='1'])")
    name = danger.nth(0).get_attribute("id")
    page.locator(f"#{name}").focus()
    page.keyboard.press("1")
    expect(page.locator(f"#{name}.is-done")).to_be_visible()
    while not page.locator("[data-open]:not(.is-safety):has([data-key='1'])").count():
        page.locator("a[rel=next]").click()
        page.wait_for_load_state()


def _shape_needs(worker: Visitor, study: str) -> None:
    page = worker.page
    worker.press("需求看板")
    worker.press("归并")
    expect(page.locator(".need-card").first).to_be_visible(timeout=WITHIN)
    worker.look("board")
    boxes = page.locator("[data-merge]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    worker.press("合并所选")
    worker.look("merge")
    worker.press("合并", exact=True)
    expect(page.locator("#messages")).to_contain_text("已合并到")
    worker.look("need")
    worker.open("改标题")
    page.fill("main [name=title] >> visible=true", "晚上照明和出行要更安全")
    worker.press("保存标题")
    expect(page.locator("main h1")).to_contain_text("晚上照明和出行要更安全")
    worker.press("锁定", exact=True)
    expect(page.locator("main")).to_contain_text("已锁定")
    worker.look("need-locked")


def _match(worker: Visitor, study: str) -> None:
    page = worker.page
    worker.go(study)
    worker.press("精准匹配")
    worker.look("runs")
    worker.press("开始匹配")
    expect(page.locator("main h1")).to_contain_text("匹配结果", timeout=WITHIN)
    worker.look("run")
    suggested = page.locator("article:has(button[value=accept])")
    first, second = (suggested.nth(number).get_attribute("id") for number in (0, 1))
    page.locator(f"#{first} button[value=accept]").click()
    expect(page.locator(f"#{first}")).to_contain_text("已采纳")
    page.locator(f"#{second} summary").filter(has_text="否决").click()
    page.fill(f"#{second} [name=note]", "这家的场地在装修，下个月才能用")
    page.locator(f"#{second} button[value=refuse]").click()
    expect(page.locator(f"#{second}")).to_contain_text("已否决")
    worker.look("run-decided")


def _draft(worker: Visitor) -> None:
    worker.press("起草项目方案")
    worker.look("proposal-new")
    # No period and no head yet: the program must ask for them before it lets the proposal go.
    worker.press("起草", exact=True)
    expect(worker.page.locator("main")).to_contain_text("提交前必须先改")
    worker.look("proposal-draft")


def _mend(worker: Visitor) -> None:
    page, proposal = worker.page, urlsplit(worker.page.url).path
    worker.press("修改名称、负责人和周期")
    page.select_option("[name=lead]", index=1)
    page.fill("[name=starts_on]", "2026-12-01")
    page.fill("[name=ends_on]", "2027-11-30")
    worker.press("保存")
    _team(worker, proposal)
    _prices(worker, proposal)
    _blanks(worker, proposal)
    worker.go(proposal)
    worker.look("proposal-mended")
    assert "提交前必须先改" not in worker.text(), worker.text()[:1500]


def _rows(worker: Visitor, number: int) -> list[str]:
    """The addresses of the rows of a section's table."""
    links = worker.page.locator(f"#section-{number} details a.row-link")
    return [str(link.get_attribute("href")) for link in links.all()]


def _team(worker: Visitor, proposal: str) -> None:
    worker.go(proposal)
    for row in _rows(worker, 10):
        worker.go(row)
        chosen = worker.page.locator("[name=worker]")
        if not chosen.input_value():
            chosen.select_option(index=1)
            worker.look("team-row")
            worker.press("保存")


def _prices(worker: Visitor, proposal: str) -> None:
    worker.go(proposal)
    for row in _rows(worker, 11):
        worker.go(row)
        price, quantity = (worker.page.locator(f"[name={name}]")
                           for name in ("unit_price", "quantity"))  # fmt: skip
        if float(price.input_value() or 0) and float(quantity.input_value() or 0):
            continue
        price.fill("120.50")
        quantity.fill("10")
        worker.press("保存")


def _blanks(worker: Visitor, proposal: str) -> None:
    page = worker.page
    for number in range(1, 17):
        worker.go(f"{proposal}sections/{number}/")
        words = page.input_value("[name=text]")
        if not _BLANK.search(words):
            continue
        page.fill("[name=text]", _BLANK.sub("已与社区商定", words))
        if number == 2:
            worker.look("section")
        worker.press("保存")


def _send(
    person: Visitor, proposal: str, button: str, state: str, *, look: str = "", exact: bool = False
) -> None:
    person.go(proposal)
    person.press(button, exact=exact)
    expect(person.page.locator("#messages")).to_contain_text(f"方案现在是“{state}”")
    if look:
        person.look(look)


def _return_with_reason(committee: Visitor, proposal: str) -> None:
    committee.go("/")
    committee.look("home")
    _send(committee, proposal, "受理并开始初审", "社区初审")
    # A link from outside opens the section it names.
    committee.go(f"{proposal}#section-7")
    expect(committee.page.locator("#section-7")).to_be_visible()
    committee.look("section-7")
    committee.page.locator("#section-7 summary").filter(has_text="对本章提意见").click()
    committee.page.fill("textarea[name=text] >> visible=true", "目标请再具体一些")
    committee.page.locator("main button:visible", has_text="提交意见").first.click()
    committee.page.wait_for_load_state()
    committee.open("退回修改")
    committee.page.fill("#note-return", "请把第七章的目标写具体，补上夜间场次")
    committee.look("return")
    committee.page.locator("details[open] button", has_text="退回修改").click()
    expect(committee.page.locator("#messages")).to_contain_text("退回修改")


def _revise(worker: Visitor, proposal: str) -> None:
    worker.go("/")
    worker.look("home-returned")
    worker.go(proposal)
    expect(worker.page.locator("main")).to_contain_text("请把第七章的目标写具体")
    worker.press("修改", exact=True)
    expect(worker.page.locator("main")).to_contain_text("目标请再具体一些")
    worker.page.locator("main li", has_text="目标请再具体一些").get_by_role("link").click()
    worker.press("已处理", exact=True)
    worker.go(f"{proposal}sections/7/")
    words = worker.page.input_value("[name=text]")
    worker.page.fill("[name=text]", f"{words}\n\n目标已按社区意见细化，增加每月一次夜间场次。")
    worker.press("保存")
    worker.go(f"{proposal}changes/")
    expect(worker.page.locator("main")).to_contain_text("增加每月一次夜间场次")
    worker.look("changes")
    _send(worker, proposal, "提交机构内审", "机构内审")


def _read_the_thread(supervisor: Visitor, proposal: str) -> None:
    """From the proposal back to the voices: the whole row on one page."""
    supervisor.go(proposal)
    supervisor.look("proposal-approved")
    supervisor.press("单独阅读第 4 章", within="main")
    supervisor.look("section-4")
    supervisor.go(f"{proposal}?open=all")
    supervisor.look("proposal-unfolded")
    supervisor.open("回应的需求")
    supervisor.page.locator("main a[href*='/threads/']").first.click()
    supervisor.page.wait_for_load_state()
    supervisor.look("thread")
    said = supervisor.text()
    assert "已立项" in said
    assert "通过" in said
    assert supervisor.page.locator("main blockquote").count() >= 1
