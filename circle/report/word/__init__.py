"""What a Word document is made of: its styles (the XML files here) and its pieces."""
