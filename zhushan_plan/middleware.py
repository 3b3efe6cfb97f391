"""What every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

from zhushan_plan import errors


def private_answers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Nothing but static files may be kept by a browser, a proxy or the next person at the desk."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response

    return answer


def readable_text(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """PostgreSQL stores no NUL; no keyboard types one. Said here once for all forms."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = (*request.GET.lists(), *request.POST.lists())
        if any("\x00" in text for name, texts in given for text in (name, *texts)):
            return errors.unreadable(request)
        return get_response(request)

    return answer


def method_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A person who lands on an address that only takes forms gets a page, not an empty window."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and not response.content and request.method == "GET":
            page = errors.wrong_method(request)
            page.headers["Allow"] = response.headers.get("Allow", "")
            return page
        return response

    return answer


class CompressedText(GZipMiddleware):
    """Pages and CSV leave a sixth of their size. Workbooks, evidence and pictures are compressed
    already: packing 20 MB of them once more costs time and saves nothing.

    BREACH (guessing a secret of the page from the length of the answer): form tokens are masked
    anew for each request, answers vary in length at random (`max_random_bytes`), and the session
    cookie does not go with requests that other sites make in the background (SameSite)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/"):
            return response
        return super().process_response(request, response)
