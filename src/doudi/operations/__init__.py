"""Running a house: whether it is well, what was backed up and restored, figures for monitoring. No business noun."""
