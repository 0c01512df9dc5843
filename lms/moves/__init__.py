"""Moving trainees from one version of their programme to another, with everything they earned."""
