"""A synthetic county with a life of its own, its departments' deliveries, and the truth. Imports `lib` only."""
