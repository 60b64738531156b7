"""The page that shows results, as the report writes it: docs/viewer-file.md describes it."""
