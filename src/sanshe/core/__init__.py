"""What every app stands on: dated tables, history, errors fit to show, events, encryption, ui tags.

Terms: HistoryLine (who did what, when), AccessLine (who read or exported what that is sensitive).
"""
