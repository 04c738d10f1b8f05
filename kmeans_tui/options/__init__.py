"""The option table in four parts; ``command.Options`` is the whole."""
