"""The service worker: sources in src/, put together by build.py."""
