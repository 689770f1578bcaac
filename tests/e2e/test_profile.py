"""A profile in a browser: written in Arabic by the focal point, found by a stranger."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.processes]

MEDIA, YOUTH = "الإعلام والاتصال الرقمي", "الشباب والتطوع"


def test_what_a_focal_point_writes_a_stranger_finds_and_takes_away(
    person: Callable[..., Person],
) -> None:
    focal = person("focal.ng@demo.example", language="ar")
    page = focal.go("/")
    page.locator("main a[href*='/delegation/'], nav a[href*='/delegation/']").first.click()
    page.locator("main a[href$='/profile/']").click()
    page.locator("[name=short_name_ar]").fill("معهد التوجيه الثقافي")
    page.locator("[name=description_ar]").fill("يُعنى المعهد بالتوجيه الثقافي.")
    page.locator("[name=state_ar][value=final]").check()
    page.get_by_label(MEDIA).check()
    page.get_by_label(YOUTH).check()
    page.locator(".profile__choices summary").click()
    page.locator("[name=tongues][value=ha]").check()
    page.locator("[name=telephone]").fill("+234 9 870 0000")
    page.locator("main form .form-actions button").click()
    expect(page).to_have_url(re.compile(r"/ar/members/\d+/$"))
    expect(page.get_by_role("main")).to_contain_text("يُعنى المعهد بالتوجيه الثقافي.")
    expect(page.locator(".facts")).to_contain_text("الهوسا")

    page = person(language="ar").go("/members/")
    page.locator("[name=q]").fill("التطوع")
    page.locator("[name=field]").select_option(label=MEDIA)
    page.locator("form[role=search] button").click()
    expect(page.locator(".table--members tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.locator("main a[href*='list.csv']").click()
    assert download.value.suggested_filename == "members.csv"
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    head, line = csv.reader(io.StringIO(text, newline=""))
    assert len(head) == len(line)
    assert line[2] == "معهد التوجيه الثقافي"
    assert line[6] == f"{MEDIA}، {YOUTH}"
    assert line[9] == "'+234 9 870 0000"
    page.locator("main a[href*='/members/list/']").click()
    expect(page.locator(".table--printed tbody tr")).to_have_count(1)
    assert focal.errors == []
