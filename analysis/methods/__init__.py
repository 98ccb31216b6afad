"""Statistical methods, each from counts or moments and never from people."""
