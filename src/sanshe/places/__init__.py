"""Where things are. Owns Division: province, city, county, town, and the community or village.

A place is known by its 12-digit statistical code; its prefix is the code of the place around it.
"""
