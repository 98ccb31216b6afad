"""What Piccolo needs to know of our tables, so that its own commands work on them too."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from backend.db.tables import TABLES

APP_NAME = "canvass"
APP_CONFIG = AppConfig(
    app_name=APP_NAME,
    migrations_folder_path=Path(__file__).parent / "migrations",
    table_classes=list(TABLES),
)
