"""Problems that hikers tell of: the fields of the form, the desk that takes reports in, what the pages show of them.

Addresses are api.webapp.routes.reports, SQL is geodata.store.reports. A new field needs its judgement in `fields`, its
words in every language and a line of the privacy pages.
"""
