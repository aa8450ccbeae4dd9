"""SQL of mails to staff: who wants which, and those that wait to be sent.

What is in them is dashboards.mail, how they leave is geodata.mail.
"""
