"""Both plans: strategy < indicators < security < planning < allocation."""
