"""Maps: districts and answers in, layers for the frame out; drawn by the scripts in `static`."""
