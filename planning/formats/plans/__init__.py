"""How does a problem and its plan get into files, out of a spreadsheet again, and checked?

`folder` keeps a problem, `writing` a plan as Parquet, CSV or workbook, `reading` takes a plan back
that somebody has changed, `cli` checks it. Nothing is imported here: the command starts quickly.
"""
