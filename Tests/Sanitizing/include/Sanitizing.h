// Nothing to call: what this target defines replaces the standard library's by name.
