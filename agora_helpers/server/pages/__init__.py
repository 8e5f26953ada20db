"""The browser pages of the token server: ``routes`` serves them, ``explain`` answers what they ask.

``templates`` and ``static`` hold their files; ``web_sdk`` finds Agora's Web SDK.
"""
