"""The way of a county's folder: sorted out, loaded, verified, decided, written as tables; and its trial."""
