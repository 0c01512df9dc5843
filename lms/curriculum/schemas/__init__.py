"""The files of the catalogue: read safely, checked whole, refused with every problem at its line."""
