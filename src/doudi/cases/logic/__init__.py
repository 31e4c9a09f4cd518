"""Pure parts of cases: what is handed in, who may say what to a proposal, reasons as they are shown."""
