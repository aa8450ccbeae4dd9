"""`digitalpfad up`: starts every part in order, watches over it, and stops it in reverse order.

Programs that are not ours are started in digitalpfad.embedded.
"""
