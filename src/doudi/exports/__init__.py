"""导出: the one door through which files leave the house."""
