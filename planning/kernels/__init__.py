"""How are closures, panels and sequences worked out fast? Arrays in, arrays out, no units."""
