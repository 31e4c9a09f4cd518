"""Who signs, and who holds checkpoints outside."""
