"""Pure parts of matching: from rows of a register to newcomers, from the registry to facts."""
