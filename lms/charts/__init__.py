"""Charts: values of the domain in, a picture out; no web and no database."""
