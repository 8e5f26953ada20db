"""The paths: a sign-in, and the endpoint for tokens."""

from django.contrib.auth.views import LoginView
from django.urls import path
from views import call_token

urlpatterns = [
    path("accounts/login/", LoginView.as_view()),
    path("calls/token", call_token),
]
