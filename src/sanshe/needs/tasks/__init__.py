"""Work that runs beside the request, through Django's task interface."""
