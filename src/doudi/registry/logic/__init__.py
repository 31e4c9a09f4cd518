"""Pure parts of the registry: names, periods, what a person or household to be registered looks like."""
