"""What measured values mean to somebody who stands there: sentences, also beside other times and other places.

No HTML. A new way to compare is a function in `comparisons`; its words stand in the property's row.
"""
