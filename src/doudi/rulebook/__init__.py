"""published rulebooks."""
