"""Pages that are put together once for each state of the data.

`@kept` asks, after the log-in has been checked, in which state the data are (one query). A page
put together for the same person with the same rights, on the same day, from the same state of
every table that it was read from is given again; a client that names its ETag gets 304. The state
is kept by the database itself, in the transaction of every write (`plans/version_triggers.py`),
so what is given is never stale.

A page with a message for the person (messages framework) is neither taken nor kept. What differs
from one request to the next, the form tokens, is put in anew."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import get_conditional_response

from organization.models import Unit, User
from plans import remembered
from plans.remembered import Memory, Remembered
from plans.versions import Tokens, tokens_for

PAGES = Memory(300)
ALWAYS = (Unit._meta.db_table, User._meta.db_table)  # read by the log-in, printed by the masthead
BEFORE_TOKEN = b'name="csrfmiddlewaretoken" value="'
TOKEN_LENGTH = 64
Name = tuple[object, ...]
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def kept(view: View[P]) -> View[P]:
    """Gives the view `request.tokens`, for parts of the page that it remembers itself."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        name, tokens = _name(request), _tokens(request)
        request.tokens = tokens
        if not tokens or len(get_messages(request)):
            return view(request, *args, **kwargs)
        found = PAGES.get(name, tokens)
        if found is not None:
            return _conditional(request, name, found) or _again(request, name, found)
        found = remembered.taken_down(tokens, lambda: view(request, *args, **kwargs))
        response: HttpResponse = found.value
        if response.status_code != 200 or not remembered.is_watched(found.state):
            return response
        page = Remembered(_cut(response), {**found.state, **{t: tokens.get(t) for t in ALWAYS}})
        PAGES.put(name, page)
        return _conditional(request, name, page) or _tagged(request, name, page, response)

    return answer


def _name(request: HttpRequest) -> Name:
    """All that a page depends on besides the data."""
    return (request.get_full_path(), settings.BUILD, timezone.localdate(), *_rights(request.user))


def _rights(user: object) -> Name:
    """Who it is and all that decides what may be seen (`organization/permissions.py`)."""
    assert isinstance(user, User)
    own = (user.pk, *sorted(user.roles), user.unit_id)
    return (*own, getattr(user, "reviewed", None), getattr(user, "goes_on", None))


def _tokens(request: HttpRequest) -> Tokens:
    user = request.user
    return tokens_for(user) if isinstance(user, User) else {}


def _conditional(request: HttpRequest, name: Name, page: Remembered) -> HttpResponse | None:
    """304 where the client has this page."""
    tag = etag(request, name, page)
    answer = get_conditional_response(request, etag=tag)
    if answer is not None:
        answer.headers["ETag"] = tag
    return answer


def _again(request: HttpRequest, name: Name, page: Remembered) -> HttpResponse:
    content_type, parts = page.value
    content = get_token(request).encode().join(parts) if len(parts) > 1 else parts[0]
    return _tagged(request, name, page, HttpResponse(content, content_type=content_type))


def _tagged(
    request: HttpRequest, name: Name, page: Remembered, response: HttpResponse
) -> HttpResponse:
    response.headers["ETag"] = etag(request, name, page)
    return response


def etag(request: HttpRequest, name: Name, page: Remembered) -> str:
    """Of this page in this browser: its forms bear the secret of the log-in."""
    told = (name, sorted(page.state.items()), request.META.get("CSRF_COOKIE", ""))
    return f'W/"{sha256(repr(told).encode()).hexdigest()[:32]}"'


def _cut(response: HttpResponse) -> tuple[str, list[bytes]]:
    """Content type, and the page cut where its form tokens belong."""
    first, *others = response.content.split(BEFORE_TOKEN)
    parts = [first, *(part[TOKEN_LENGTH:] for part in others)]
    ends = [BEFORE_TOKEN] * len(others) + [b""]
    return response.headers["Content-Type"], [a + b for a, b in zip(parts, ends, strict=True)]
