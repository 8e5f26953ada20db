"""The browser pages of the token server: ``routes`` serves them, ``explain`` answers their questions.

``form`` builds the form of ``/try`` from the fields of a request, and ``web_sdk`` finds Agora's Web SDK. ``templates``
and ``static`` contain the files.
"""
