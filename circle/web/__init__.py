"""What the pages are made of: with pages/, the only user of streamlit."""
