"""Pages of cases: the list, the form, an application, its decision, opinion and review."""
