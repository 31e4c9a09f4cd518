"""Outward: the key that signs answers."""
