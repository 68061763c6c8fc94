"""Precise matching. Owns Offer (what the city has), MatchRun, Match and Gap.

A run is kept with its objective, its proven bound and its prices, so that anyone can check it.
"""
