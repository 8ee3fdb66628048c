"""One module a schema, named after its revision; never changed once released."""
