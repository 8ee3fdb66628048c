"""Alembic migrations of the episode log, run by :mod:`crampdetect.storage.log_upgrade`."""
