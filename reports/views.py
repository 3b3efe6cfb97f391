from django.http import HttpRequest, HttpResponse


def dashboard(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse()


def table(request: HttpRequest, year: int) -> HttpResponse:
    return HttpResponse()
