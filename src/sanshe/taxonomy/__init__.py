"""The two-level tree of needs. Owns Field (16) and NeedType (89 leaves).

`tree.py` reads the shipped data files without Django; the tables hold what the city made of them.
A retired code is never used again.
"""
