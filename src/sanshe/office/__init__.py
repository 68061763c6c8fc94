"""Office files in and out, safely.

Reads the tables an office really has (.csv .xlsx .xls .ods .docx .parquet) in a child process that
a hostile file cannot leave, finds headings in Chinese and English, and turns rows into typed rows
with one sentence per mistake. Writes .csv and .xlsx whole or not at all. Never imports Django.

Doors: `tables.read_book`, `statements.read_statements`, `offers.read_offers`, `needs.read_needs`,
`texts.read_texts`, `texts.read_labelled`, `places.load_gazetteer`, `write`. Nothing is imported
here, because the child process pays for every import.
"""
