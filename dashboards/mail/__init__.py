"""Mails to staff: what is in them, when they are due, and the thread that sends what waits.

How a mail leaves is geodata.mail, what waits is geodata.store.mail. A new kind of mail is a source in this package, a
member of geodata.mail.records.MailKind, and a tick on the page on which people choose.
"""
