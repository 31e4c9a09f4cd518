"""The way of a county's folder, step by step: sorted out, loaded, verified, decided, written as tables; and its trial."""
