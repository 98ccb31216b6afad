"""Tests of Canvass; the folders mirror the packages."""
