"""Generation: from a request to records, choosing among samples, the worker and its client."""
