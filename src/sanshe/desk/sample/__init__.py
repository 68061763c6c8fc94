"""The sample city: invented organisations, people, offers and accounts around the real 石狮.

Places are real; everything else here is made up and carries `is_sample` where a table has it.
"""
