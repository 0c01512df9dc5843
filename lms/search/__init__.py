"""Search: programmes, EPAs and competencies found by their words, in Dutch and in English."""
