"""HTTP only: gate, form, service, template. A module per noun."""
