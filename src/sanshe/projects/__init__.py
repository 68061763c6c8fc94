"""Project proposals and their review. Owns Proposal, Objective, its plan, budget and versions.

Every claim carries its sources: needs by objective, statements by footnote. Purchase, contract,
delivery and evaluation will stand on an approved Proposal.
"""
