"""Data products, answers, proofs, allowances: decisions on plain data. No Django."""
