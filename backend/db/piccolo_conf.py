"""Where Piccolo's migrations look for the engine; ``backend.db.migrate`` sets it for their run."""

from piccolo.conf.apps import AppRegistry

from backend.db.tables import AnyEngine

DB: AnyEngine | None = None
APP_REGISTRY = AppRegistry(apps=["backend.db.piccolo_app"])
