"""What of the counts becomes public: times that close, what is written then, and how it is read.

What may be shown is geodata.statistics.disclosure. Nothing here opens what is withheld; every public output reads
`public`. Linear programming is `checking`, which only commands load.
"""
