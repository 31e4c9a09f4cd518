"""痕迹: one entry per act."""
