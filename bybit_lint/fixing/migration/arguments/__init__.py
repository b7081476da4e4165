"""What a call is given before V5 and in V5: by name or in a dict; its values, and whether all is there."""
