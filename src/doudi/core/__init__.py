"""Django kit without a business noun."""
