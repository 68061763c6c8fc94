"""What residents said and what they need.

Owns Study, Interview, Statement, Need, their two flows, the machine's Suggestions beside the
people's Labellings, Imports of workbooks, and the versions of the classifier and of the weights.
A Statement is never edited; a Need belongs to staff: rename, merge, split, lock.
"""
