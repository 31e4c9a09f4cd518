"""feeds, deliveries, the lake."""
