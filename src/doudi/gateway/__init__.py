"""Between the zones: residents' enquiries come in from the internet, answers go out, and nothing else passes.

Three processes. The outer one (internet zone) has the residents' pages, no database, no keys. The gateway takes short
messages from it through one socket; its database role may call three functions and touch no table. The inner one is the
house: staff read an enquiry and answer it.
"""
