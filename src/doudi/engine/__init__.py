"""The rule engine: parse → resolve → check → plan → render (python, sql) → run → explain.

Pure: no Django, no files but the policy folder it is given, no clock, no network.
What a rule means is written in docs/reference/semantics.md, to the letter.
"""
