"""What is worked out for every block or pair? Arrays in, arrays out; no tables, no checks."""
