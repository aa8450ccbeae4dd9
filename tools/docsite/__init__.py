"""The documentation site: the repository's own Markdown, staged, built by zensical and looked through.

What is written is in the Markdown files alone. Here is what turns them into a site that is read without a network:
``staging`` copies them, ``dialect`` indents lists as the generator reads them, ``sources`` makes pages of the source
files that they link, ``menu`` says what stands where, ``build`` runs the generator for both languages, and ``page``
with ``checks`` looks at each page that came of it.
"""
