"""Mails to staff: how one is put together, and how it leaves: by SMTP, or as a file in a folder.

What is written in them is dashboards.mail, what waits is geodata.store.mail. The only user of smtplib; with nothing set
no mail leaves the machine.
"""
