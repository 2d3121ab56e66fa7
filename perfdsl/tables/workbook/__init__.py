"""What the library that reads workbooks does not tell: their size, number formats, error cells, hidden rows.

``survey.survey`` looks through the file before it is read, so that no workbook can take more memory than is allowed.
"""
