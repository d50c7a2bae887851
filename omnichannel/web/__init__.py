"""The doors over HTTP: webhooks of the platforms, and the screens of the staff."""
