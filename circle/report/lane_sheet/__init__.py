"""A lane's card on one page to print."""
