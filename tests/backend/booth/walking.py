"""Walking through the booth as a person does, page after page."""

from tests.backend.web.reader import Reader, Seen


async def enter(booth: Reader, code: str, language: str = "en") -> Seen:
    """Type a code on the first page."""
    return await booth.post("/card", {"code": code, "lang": language})


async def press(booth: Reader, page: Seen, go: str, choice: str | None = None) -> Seen:
    """Mark a choice, if one is given, and press the button `go`."""
    marked = {} if choice is None else {"choice": choice}
    return await booth.post("/answer", page.hidden("/answer") | {"go": go} | marked)


async def change(booth: Reader, review: Seen, item: str) -> Seen:
    """Press the change button of one answer on the review page."""
    return await booth.post("/answer", review.hidden("/cast") | {"go": f"change.{item}"})


async def answer_all(booth: Reader, page: Seen, choice: str = "1") -> Seen:
    """Give the same answer to every question up to the review page."""
    for _ in range(60):
        if page.has_form("/cast"):
            return page
        page = await press(booth, page, "next", choice)
        assert page.status == 200
    raise AssertionError("the questions never end")
