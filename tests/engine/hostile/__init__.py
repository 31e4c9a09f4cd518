"""Hostile policy files, by what they try. Each is refused with its place and its reason; none reaches anything."""
