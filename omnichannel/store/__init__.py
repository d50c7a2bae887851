"""Our database (SQLite or PostgreSQL), our disk and our bell. `database.open_store` is its door."""
