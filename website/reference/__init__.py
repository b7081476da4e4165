"""The pages that are made of the project's own tables and texts, each by its place in the site."""
