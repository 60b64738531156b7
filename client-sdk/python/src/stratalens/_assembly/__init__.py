"""From the events of a stream to a result, with every check that makes a short or damaged stream an error."""
