"""What makes a process of a service: signals, watchdog, open files, and the web process put together.

Children of `up` are digitalpfad.up and digitalpfad.embedded.
"""
