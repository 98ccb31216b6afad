"""Property tests here have no deadline: the first example makes the keys that the others use."""

from hypothesis import settings

settings.register_profile("keys first", deadline=None)
settings.load_profile("keys first")
