"""Maps for print: on sheets of their own as PNG and SVG, and as pictures in documents."""
