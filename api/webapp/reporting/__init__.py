"""Problems that hikers tell of, and genuine signs: the form's fields, the desk for reports, what their pages show.

Addresses are api.webapp.routes.reports, SQL is geodata.store.reports. A new field needs its judgement in `fields`, its
words in every language and a line of the privacy pages.
"""
