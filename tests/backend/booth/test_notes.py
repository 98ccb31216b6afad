"""What the booth says beside its questions."""

from surveys.languages import load_language
from tests.backend.booth.walking import enter, press
from tests.backend.web.reader import Reader
from tests.backend.web.scenes import OpenCity


async def test_a_language_before_its_pretest_says_so(booth: Reader, city: OpenCity) -> None:
    """Spanish and Arabic carry the banner "beta until pretested"; English does not."""
    assert city.codes
    banners = {code: load_language(code).interface["beta_banner"] for code in ("en", "es", "ar")}
    shown = {
        code: banner in (await booth.get(f"/?lang={code}")).text for code, banner in banners.items()
    }
    assert shown == {"en": False, "es": True, "ar": True}


async def test_questions_about_leaders_say_who_is_meant(booth: Reader, city: OpenCity) -> None:
    """Of the pulse only the question about leaders explains them."""
    note = load_language("en").interface["leaders_note"]
    page = await enter(booth, city.codes[0])
    explained = []
    while page.has_form("/answer") and not page.has_form("/cast"):
        if note in page.text:
            explained.append(page.hidden("/answer")["item"])
        page = await press(booth, page, "next", "1")
    assert explained == ["tr1"]
