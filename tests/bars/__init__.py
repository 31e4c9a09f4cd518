"""The bars: what the house promises to an assessor, each seen to hold by a run that prints one line."""
