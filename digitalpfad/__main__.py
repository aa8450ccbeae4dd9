"""`python -m digitalpfad` is the command `digitalpfad`."""

from digitalpfad.cli import main

if __name__ == "__main__":
    main()
