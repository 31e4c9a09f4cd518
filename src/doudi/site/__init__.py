"""The only place that names every app: settings, root urls, wsgi, cli."""
