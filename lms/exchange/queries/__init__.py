"""Reading imports with their previews, and framework packages."""
