"""One ZIP with all the evidence of a project, that can be read and checked without Landfall."""
