"""Outward wires of rulebook: sheets that people send."""
