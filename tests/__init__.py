"""What Digitalpfad promises, as sentences that can be false."""
